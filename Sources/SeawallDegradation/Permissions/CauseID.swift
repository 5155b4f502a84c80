public import SeawallBroker

/// The name of a cause: who restricts.
///
/// Raising the same name in the same scope extends one cause.
public struct CauseID: BrokerIdentifier {
    /// The string itself.
    public var rawValue: String

    /// Makes the identifier from its string.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// A pause that an operator set.
    public static let operatorPause: CauseID = "operator.pause"
    /// The kill switch.
    public static let killSwitch: CauseID = "operator.kill"
    /// The state of earlier starts could not be read.
    public static let stateUnreadable: CauseID = "state.unreadable"
    /// State cannot be written down.
    public static let stateUnwritable: CauseID = "state.unwritable"
}

/// One cause among all, by its name and its scope.
///
/// The same name in two scopes is two causes.
public struct CauseKey: Hashable, Sendable {
    /// The name of the cause.
    public var id: CauseID

    /// What it covers.
    public var scope: CauseScope

    /// Makes a key.
    public init(_ id: CauseID, scope: CauseScope = .global) {
        self.id = id
        self.scope = scope
    }
}

extension CauseKey: Comparable, CustomStringConvertible {
    /// Orders keys by name, then by the text of the scope.
    public static func < (lhs: CauseKey, rhs: CauseKey) -> Bool {
        (lhs.id.rawValue, lhs.scope.description) < (rhs.id.rawValue, rhs.scope.description)
    }

    /// Name and scope, for example `operator.pause@symbol:BTCUSDT`.
    public var description: String { "\(id)@\(scope)" }
}
