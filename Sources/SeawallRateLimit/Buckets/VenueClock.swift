/// One reading of a venue's civil clock, in nanoseconds: what it showed at an instant of ours, give or take an error.
struct VenueClock: Hashable, Sendable {
    var civil: Int64
    var instant: Int64
    var error: Int64
}
