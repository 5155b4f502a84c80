/// Everything that restricts now, and what would release it.
public struct PauseStatus: Hashable, Sendable {
    /// What may be sent for any order, whatever its symbol, strategy or account.
    public var global: Permission

    /// Every active cause, the most restrictive first.
    public var causes: [CauseStatus]

    /// True where nothing restricts anything.
    public var isOpen: Bool { causes.isEmpty }
}

extension PauseStatus: CustomStringConvertible {
    /// The global permission, and a line for each cause.
    public var description: String {
        (["\(global)"] + causes.map(\.description)).joined(separator: "\n")
    }
}
