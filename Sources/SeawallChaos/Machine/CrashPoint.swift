public import SeawallTime

/// When a simulated machine loses its power.
///
/// A point at which no process runs passes without effect.
public enum CrashPoint: Sendable, Hashable {
    /// Between two steps: as soon as the run has taken so many.
    case step(Int)
    /// Between two steps: as soon as the run has taken so many since that boot, of which 0 is the first.
    case stepOfBoot(Int, boot: Int)
    /// At the operation of the disk with that number, counted from 1 over the whole run.
    case diskOperation(Int, DiskMoment)
    /// At an instant of the run.
    case instant(MonotonicInstant)
}
