import SeawallBroker
import SeawallChaos
import SeawallTime

/// A world that does nothing but say what was done to it.
final class RecordingWorld: FaultWorld {
    private let deedsSoFar = Lock<[String]>([])
    private let onDeed: @Sendable (String) -> Void

    init(onDeed: @escaping @Sendable (String) -> Void = { _ in }) {
        self.onDeed = onDeed
    }

    /// What was done, oldest first.
    var deeds: [String] { deedsSoFar.withLock { $0 } }

    private func note(_ deed: String) {
        deedsSoFar.withLock { $0.append(deed) }
        onDeed(deed)
    }

    func stepClock(by duration: Duration) { note("step \(duration)") }
    func sleepMachine(for duration: Duration) { note("sleep \(duration)") }
    func crashMachine() { note("crash") }
    func failDisk(_ failure: DiskFailure, for duration: Duration) { note("disk \(failure.rawValue) \(duration)") }
    func setVenueMode(_ mode: VenueStatus.Mode, for duration: Duration) { note("mode \(mode.rawValue) \(duration)") }
    func expireAuthentication(for duration: Duration) { note("expire \(duration)") }
    func spendLimits(perMille: Int, for duration: Duration) { note("spend \(perMille) \(duration)") }
    func fill(_ target: OrderTarget, symbol: Symbol, perMille: Int) { note("fill \(target) \(symbol) \(perMille)") }
}
