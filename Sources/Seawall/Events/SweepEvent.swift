public import SeawallBroker
public import SeawallDegradation

/// A step of the sweep that a trip makes of the orders in its scope.
public struct SweepEvent: Hashable, Sendable {
    /// What the sweep has come to.
    public enum Step: String, Codable, Sendable, CaseIterable {
        /// It begins, for the first time in its cause's life.
        case begin
        /// A restarted process takes up what one before it had begun.
        case resumed
        /// The venue was asked what works.
        case listed
        /// Its cause was released before it was over: nothing more is sent, and its end follows.
        case released
        /// Orders are left, on purpose or because nothing could end them.
        case residual
        /// It is over.
        case end
    }

    /// The id of the cause that it follows, as in `PermissionChange.id`.
    public var cause: String

    /// What it sweeps.
    public var scope: CauseScope

    /// What it has come to.
    public var step: Step

    /// The orders of the step, by the venue's names: those listed, or those left.
    public var orders: [VenueOrderID]

    /// Makes an event.
    public init(cause: String, scope: CauseScope, step: Step, orders: [VenueOrderID] = []) {
        self.cause = cause
        self.scope = scope
        self.step = step
        self.orders = orders
    }
}
