internal import Seawall

/// P9: a half-open breaker always ends, and never admits more probes than it was told to.
///
/// A probe holds its place until its reply or the end of its lease. The breaker of orders lets through nothing but
/// probes of what may open while it is half open, and nothing while it is open. A half-open breaker may wait only for
/// what shuts the way to the venue, for the windows that reads as probes count in, or for a machine that sleeps. Decisive:
/// each time a breaker is half open.
struct HalfOpenEnds: PromiseCheck {
    private struct Probe: Sendable {
        var breaker: String
        var lease: MonotonicInstant
    }

    let promise = Promise.halfOpenEnds
    private(set) var finding = Finding()

    private var breakers: [String: RunHeader.Breaker] = [:]
    private var states: [String: CircuitBreaker.State] = [:]
    /// When something was last done about a half-open breaker.
    private var movedAt: [String: MonotonicInstant] = [:]
    private var probes: [String: Probe] = [:]
    private var road = Hindrances()
    /// The windows of the reads that are probes: nobody has to wait until an order may be one.
    private var windows = CountedWindows()

    mutating func observe(_ record: RunRecord) {
        road.observe(record)
        switch record.body {
        case .run(let header):
            breakers = Dictionary(header.breakers.map { ($0.name, $0) }) { first, _ in first }
            windows.begin(header.venue.limits)
        case .layer(.breaker(let transition)): move(transition, record)
        case .request(let request): send(request, record)
        case .reply(let reply): probes[reply.id] = nil
        case .crash, .restart:
            states = [:]
            movedAt = [:]
            probes = [:]
        case .end:
            for name in movedAt.keys.sorted() { expectMove(of: name, record) }
        default: break
        }
    }

    private mutating func move(_ transition: CircuitBreaker.Transition, _ record: RunRecord) {
        let name = transition.name
        // Whoever notices late that time has moved it says so late.
        if movedAt.removeValue(forKey: name) != nil { probes = probes.filter { $0.value.breaker != name } }
        states[name] = transition.to
        guard transition.to == .halfOpen else { return }
        finding.checked += 1
        movedAt[name] = record.at
    }

    private mutating func send(_ request: RequestRecord, _ record: RunRecord) {
        let name = Self.breaker(of: request)
        let isOpening = request.lane == .newOrder && (request.operation == .place || request.operation == .amend)
        if isOpening, !request.isProbe, let state = states[name] {
            switch state {
            case .closed, .disabled: break
            case .open, .halfOpen, .isolated:
                finding.accuse(
                    record, "\(request.operation.rawValue) \(request.id) passed breaker \(name), \(state.rawValue)")
            }
        }
        guard request.isProbe else { return }
        guard states[name] == .halfOpen, let breaker = breakers[name] else {
            finding.accuse(record, "\(request.id) is a probe, and breaker \(name) is not half open")
            return
        }
        if request.operation != .place, request.operation != .amend { windows.count(request) }
        expectMove(of: name, record)
        movedAt[name] = record.at
        probes[request.id] = Probe(breaker: name, lease: record.at.advanced(by: breaker.lease))
        let count = probes.values.count { $0.breaker == name && $0.lease > record.at }
        if count > breaker.probes {
            finding.accuse(record, "breaker \(name) has \(count) probes under way, of at most \(breaker.probes)")
        }
    }

    private mutating func expectMove(of name: String, _ record: RunRecord) {
        guard let moved = movedAt[name], let breaker = breakers[name] else { return }
        let patience = breaker.lease + windows.longest + .seconds(60)
        let late = max(moved, road.clearSince).advanced(by: patience)
        if record.at > late { finding.accuse(record, "breaker \(name) stays half open, untried since \(moved)") }
    }

    /// The breaker of its name's episode, else by what is asked.
    private static func breaker(of request: RequestRecord) -> String {
        if let episode = request.episode, episode.hasPrefix("probe:") { return String(episode.dropFirst(6)) }
        return request.operation == .place || request.operation == .amend ? "orders" : "reads"
    }
}
