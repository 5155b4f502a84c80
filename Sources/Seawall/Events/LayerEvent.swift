public import SeawallBroker
public import SeawallCircuitBreaker
public import SeawallDegradation
public import SeawallTime

/// Something that the layer decided or understood, for records that a stranger can judge.
public enum LayerEvent: Sendable {
    /// A cause of the effective permission changed.
    case permission(PermissionChange)
    /// A limit or a ban of the venue is understood: nothing goes out in the scope before `until`.
    case limited(scope: LimitScope, until: MonotonicInstant)
    /// A breaker moved.
    case breaker(CircuitBreaker.Transition)
    /// An order moved through its states; one that a restart finds in doubt is told as unknown once more.
    case order(LedgerChange)
    /// A sweep of orders came a step further.
    case sweep(SweepEvent)
}
