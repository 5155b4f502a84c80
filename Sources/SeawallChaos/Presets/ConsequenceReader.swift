internal import Seawall

/// Reads a run's record for what came of its faults.
struct ConsequenceReader: Sendable {
    private struct Request: Sendable {
        var operation: BrokerOperation
        var isOurs: Bool
    }

    private struct Listener: Hashable, Sendable {
        var stream: BrokerOperation
        var isLibrary: Bool
    }

    private(set) var seen: Set<FaultPreset.Consequence> = []
    private var requests: [String: Request] = [:]
    private var open: Set<Listener> = []
    private var hasStruck = false

    mutating func observe(_ record: RunRecord) {
        switch record.body {
        case .fault: hasStruck = true
        case .request(let request):
            requests[request.id] = Request(operation: request.operation, isOurs: request.episode != nil)
            if hasStruck, request.episode != nil { seen.insert(.reread(request.operation)) }
        case .reply(let reply): observe(reply)
        case .layer(.order(let change)): seen.insert(.order(change.state))
        case .layer(.permission(let change)) where change.event == .raised: seen.insert(.cause(change.code))
        case .layer(.limited): seen.insert(.limited)
        case .layer(.breaker(let transition)) where transition.to == .open:
            seen.insert(.breakerOpened(transition.name))
        case .alert(let alert, _) where alert.event == .begin: seen.insert(.alert(alert.code))
        case .restart:
            open = []
            seen.insert(.restarted)
        default: break
        }
    }

    private mutating func observe(_ reply: ReplyRecord) {
        guard let request = requests[reply.id] else { return }
        if reply.event == .gaveUp { seen.insert(.givenUp(request.operation)) }
        guard let outcome = reply.outcome else { return }
        requests[reply.id] = nil
        seen.insert(.answered(request.operation, as: outcome))
        guard outcome == "succeeded", [.userStream, .marketStream].contains(request.operation) else { return }
        let isNew = open.insert(Listener(stream: request.operation, isLibrary: request.isOurs)).inserted
        if !isNew { seen.insert(.reopened(request.operation)) }
    }
}
