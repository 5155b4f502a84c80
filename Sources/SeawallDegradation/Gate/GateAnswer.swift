/// What the gate decided, with the changes of permissions that it noticed on the way.
///
/// A log in causal order has the changes before the decision: they were true when it was made.
public struct GateAnswer<Admitted: Sendable>: Sendable {
    /// What was admitted, or why nothing was.
    public var result: Result<Admitted, Denial>

    /// The permission that the decision was made under.
    public var permission: Permission

    /// What had expired since the gate was last asked, in order.
    public var changes: [PermissionChange]

    /// True where it is proved to reduce the position, whatever the permission asks for.
    public var isReducing = false

    /// True where it was admitted.
    public var isAdmitted: Bool {
        switch result {
        case .success: true
        case .failure: false
        }
    }

    /// Why it was denied, where it was.
    public var denial: Denial? {
        switch result {
        case .success: nil
        case .failure(let denial): denial
        }
    }
}
