extension SimulatedWorld {
    /// When an invariant is asked.
    public enum InvariantMoment: Sendable, Hashable {
        /// After every step, from its making on.
        case step
        /// Once, when the body has ended or the time of the run is over, before anything is cancelled.
        case end
    }

    /// Demands something of the run: the first time that it does not hold, the run stops and its outcome says so.
    ///
    /// A run that stops for another reason is not asked for what should hold at its end. What is asked after every
    /// step is called a million times a second: make it cheap, or ask it of events. A world asks in the order of the
    /// making.
    ///
    /// - Parameters:
    ///   - name: What the outcome calls it; the same name means the same invariant to those who compare failures.
    ///   - moment: When it is asked.
    ///   - violation: Nil where all is well, otherwise what is wrong. It is called on the simulation's thread between
    ///     two jobs; it must neither block nor hold the world.
    public func demand(
        _ name: String, at moment: InvariantMoment = .step, _ violation: @escaping @Sendable () -> String?
    ) {
        switch moment {
        case .step: invariants.addAtStep(name, violation, executor)
        case .end: invariants.addAtEnd(name, violation)
        }
    }

    /// Demands something at every note that is put into the trace; see `demand(_:at:_:)`.
    ///
    /// It is called by whoever makes the note, before `note(_:)` returns.
    public func demand(_ name: String, atNote violation: @escaping @Sendable (_ note: String) -> String?) {
        invariants.addAtNote(name, violation)
    }

    /// Demands something at every line of the run's record; see `demand(_:at:_:)`.
    ///
    /// It is called when the line has been written, before whatever caused it goes on.
    public func demand(_ name: String, atRecord violation: @escaping @Sendable (RunRecord) -> String?) {
        let executor = executor
        log.onRecord { [weak executor] record in
            guard let executor, executor.isOnOwnThread, let message = violation(record) else { return }
            executor.violate(name, message)
        }
    }
}
