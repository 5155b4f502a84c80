public import SeawallBroker

/// What faults can strike beyond the calls of a broker: the machine that the bot runs on, and the venue itself.
///
/// A simulated world is one. Without one, a plan may hold faults of calls and streams alone.
public protocol FaultWorld: Sendable {
    /// Why the world has nothing now that such a fault could strike, such as a process that could crash; nil where it has.
    ///
    /// A fault with nothing to strike does not strike: it is neither counted nor recorded, and its turns are not used up.
    /// Default: nil.
    func hindrance(of effect: FaultEffect) -> String?

    /// Moves the machine's civil clock; time itself does not move.
    func stepClock(by duration: Duration)

    /// Puts the machine to sleep: time goes on, and nothing of the bot runs until it is over.
    func sleepMachine(for duration: Duration)

    /// Ends the process at once; what was not synced is lost, and nothing of it reaches disk or venue any more.
    func crashMachine()

    /// Makes the machine's disk fail for a time.
    func failDisk(_ failure: DiskFailure, for duration: Duration)

    /// Sets what the venue takes, for a time.
    func setVenueMode(_ mode: VenueStatus.Mode, for duration: Duration)

    /// Makes the venue refuse the key, for a time.
    func expireAuthentication(for duration: Duration)

    /// Lets another process spend so many thousandths of every limit that the bot shares with it, again and again, for a
    /// time.
    func spendLimits(perMille: Int, for duration: Duration)

    /// Lets the venue fill a working order now, as far as `perMille` thousandths of what is left of it.
    func fill(_ target: OrderTarget, symbol: Symbol, perMille: Int)
}

extension FaultWorld {
    /// Everything can be struck.
    public func hindrance(of effect: FaultEffect) -> String? { nil }
}

/// How a disk fails.
public enum DiskFailure: String, Codable, Sendable, CaseIterable {
    /// There is no room: what is written is refused, a part of it may be there.
    case full
    /// What is written is refused with an error of input and output.
    case failing
    /// What is written is taken, and making it safe fails.
    case unsyncable
}
