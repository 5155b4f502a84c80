internal import Seawall

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// How old the working orders are, by the venue's word: since they were taken, or last amended.
struct OrderAges: Sendable {
    private var since: [VenueOrderID: MonotonicInstant] = [:]
    private var byClient: [String: VenueOrderID] = [:]

    mutating func observe(_ event: VenueEvent, at now: MonotonicInstant) {
        guard let order = event.orderID else { return }
        switch event.kind {
        case .accepted, .amended, .replaced:
            since[order] = now
            if let client = event.clientID { byClient[client.rawValue] = order }
        case .cancelled, .expired: end(order, event)
        case .filled:
            if let remaining = event.remaining, remaining <= 0 { end(order, event) }
        case .arrived, .rejected, .duplicate, .limited, .banned, .foreign, .connected, .disconnected: break
        }
    }

    /// The age of an order by either of its ids; nil where none works under it.
    func age(of target: String, at now: MonotonicInstant) -> Duration? {
        (since[VenueOrderID(rawValue: target)] ?? byClient[target].flatMap { since[$0] }).map { $0.duration(to: now) }
    }

    private mutating func end(_ order: VenueOrderID, _ event: VenueEvent) {
        since[order] = nil
        if let client = event.clientID?.rawValue, byClient[client] == order { byClient[client] = nil }
    }
}
