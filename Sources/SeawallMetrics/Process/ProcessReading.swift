/// What the system says of this process; nil where it does not say.
struct ProcessReading: Sendable, Equatable {
    var residentBytes: Double?
    var virtualBytes: Double?
    var cpuSeconds: Double?
    var openDescriptors: Double?
    var mostDescriptors: Double?
    var threads: Double?

    /// Seconds since 1970.
    var startedAt: Double?
}
