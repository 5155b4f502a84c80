public import SeawallTime

/// A disk in memory that is honest about what survives a loss of power.
///
/// What was added to a file and not made safe is, when the power goes, gone, torn at a byte that the seed draws, or
/// there after all; behind a tear there may be zeros. A replacement is all or nothing. It can be told to fail, to lose
/// power at an operation, and to harm what it keeps. A disk that stands alone serves tests of whatever keeps a journal:
///
///     let disk = SimulatedDisk(seed: 7)
///     try disk.open().append(bytes)
///     disk.losePower()
///     let rest = try disk.open().read()
public final class SimulatedDisk: Sendable {
    /// What a disk tells to the machine that it belongs to.
    struct Listener: Sendable {
        var onOperation: @Sendable (_ record: DiskRecord, _ file: String) -> Void
        var onPowerLoss: @Sendable () -> Void
    }

    /// The name of the file that a layer keeps its journal in.
    public static let journal = "journal"

    private let time: any TimeSource
    private let core: Lock<DiskCore>
    private let listener = Lock(Listener?.none)

    /// Makes an empty disk.
    ///
    /// - Parameters:
    ///   - seed: What its losses are drawn from.
    ///   - time: By what its failures end; a time that stands still unless told.
    public init(seed: UInt64, time: any TimeSource = ManualTime()) {
        self.time = time
        core = Lock(DiskCore(seed: seed))
    }

    /// How many operations there were, of all processes.
    public var operationCount: Int { core.withLock { $0.operations } }

    /// Opens a file for the process that runs now; the file comes to be when something is written.
    public func open(_ name: String = SimulatedDisk.journal) -> SimulatedFile {
        SimulatedFile(name: name, disk: self, generation: core.withLock { $0.generation })
    }

    /// What a process would read now; nil where there is no file.
    public func contents(of name: String = SimulatedDisk.journal) -> [UInt8]? { core.withLock { $0[name].seen } }

    /// What a loss of power would leave at least; nil where there would be no file.
    public func storedContents(of name: String = SimulatedDisk.journal) -> [UInt8]? {
        core.withLock { $0[name].stored }
    }

    /// Loses power now: every open file is dead, and what was not made safe is lost or torn.
    public func losePower() { core.withLock { $0.losePower() } }

    /// Loses power at the operation with that number, counted from 1 over the life of the disk.
    public func losePower(atOperation number: Int, _ moment: DiskMoment) {
        core.withLock { $0.losePower(atOperation: number, moment) }
    }

    /// Fails from now on, for a time; a later failure takes the place of an earlier one.
    public func fail(_ failure: DiskFailure, for duration: Duration) {
        core.withLock { $0.fail(failure, until: time.now.advanced(by: duration)) }
    }

    /// Ends a failure.
    public func heal() { core.withLock { $0.heal() } }

    /// Harms a file.
    public func corrupt(_ corruption: DiskCorruption, file name: String = SimulatedDisk.journal) {
        core.withLock { $0.corrupt(corruption, name) }
    }

    func listen(_ listener: Listener) { self.listener.withLock { $0 = listener } }

    /// Closes every file for whoever opened it, and loses nothing.
    func closeAll() { core.withLock { $0.closeAll() } }

    /// Forgets every loss of power that was to come.
    func forgetLosses() { core.withLock { $0.forgetLosses() } }

    func perform(_ operation: DiskOperation, on name: String, by generation: Int) throws -> [UInt8]? {
        let outcome = core.withLock { $0.perform(operation, on: name, by: generation, now: time.now) }
        let listener = listener.withLock { $0 }
        if let record = outcome.record { listener?.onOperation(record, name) }
        if outcome.losesPower {
            if let listener { listener.onPowerLoss() } else { losePower() }
        }
        return try outcome.result.get()
    }
}
