internal import Seawall

/// The windows of the venue that requests of one kind count in, as they showed themselves.
///
/// A venue may count new orders by the day, and lists by the minute: whoever waits for a list waits for no day.
struct CountedWindows: Sendable {
    private(set) var limits: [LimitRule] = []

    /// The limits that the requests count in; empty while none has gone out.
    private(set) var names: Set<String> = []

    mutating func begin(_ limits: [LimitRule]) { self.limits = limits }

    mutating func count(_ request: RequestRecord) { names.formUnion(request.weights.keys) }

    /// The longest of them; of those that count weight while no request has shown its own.
    var longest: Duration { counted.map(\.window).max() ?? .seconds(60) }

    /// The limits, or those of weight while no request has shown its own.
    var counted: [LimitRule] { limits.filter { names.isEmpty ? $0.counts == .weight : names.contains($0.name) } }
}
