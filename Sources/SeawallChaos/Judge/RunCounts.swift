internal import Seawall

/// What happened in a run, counted from its record.
public struct RunCounts: Codable, Hashable, Sendable {
    /// Requests handed to the venue's edge.
    public var requests = 0
    /// Orders that the venue took.
    public var orders = 0
    /// Fills at the venue.
    public var fills = 0
    /// Orders whose outcome was unknown for a time.
    public var unknowns = 0
    /// Alerts that began.
    public var alerts = 0
    /// How often a process came back.
    public var restarts = 0
    /// Faults that struck, by fault and operation (`lost_after place`).
    public var strikes: [String: Int] = [:]

    mutating func observe(_ record: RunRecord) {
        switch record.body {
        case .request: requests += 1
        case .venue(let event) where event.kind == .accepted: orders += 1
        case .venue(let event) where event.kind == .filled: fills += 1
        case .layer(.order(let change)) where change.state == .unknown: unknowns += 1
        case .alert(let alert, _) where alert.event == .begin: alerts += 1
        case .restart: restarts += 1
        case .fault(let fault): strikes["\(fault.fault) \(fault.operation.rawValue)", default: 0] += 1
        default: break
        }
    }
}
