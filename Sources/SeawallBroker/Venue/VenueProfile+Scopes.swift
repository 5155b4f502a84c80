extension VenueProfile {
    /// The scopes that a call falls under, sorted: a limit or a ban of one of them stops it.
    ///
    /// Limits of weight count every call that arrives, those of no weight too; the others only what is charged to them.
    public func scopes(of call: BrokerCall) -> [LimitScope] {
        let charged = cost(of: call)
        let scopes = limits.filter { $0.counts == .weight || (charged[$0.name] ?? 0) > 0 }.map(\.scope)
        return Set(scopes).sorted()
    }
}
