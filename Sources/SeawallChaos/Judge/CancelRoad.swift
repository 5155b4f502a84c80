internal import Seawall

/// What may rightly hold up a cancel on its way: a scope that the venue has shut, and the windows that it counts in.
struct CancelRoad: Sendable {
    private struct Cost: Sendable {
        var at: MonotonicInstant
        var weights: [String: Int]
    }

    /// The longest window that cancels count in.
    var longestWindow: Duration { windows.longest }

    private var header: RunHeader?
    private var windows = CountedWindows()
    private var shut: [LimitScope: MonotonicInstant] = [:]
    private var scopes: Set<LimitScope> = []
    private var costs: [Cost] = []
    /// When each request went out that has no answer yet.
    private var sent: [String: MonotonicInstant] = [:]
    /// Until when what a second process has spent may stand in a window.
    private var othersUntil: MonotonicInstant?
    /// When an answer was heard last that may have told what others had spent: it is believed for one window.
    private(set) var othersToldAt = MonotonicInstant.origin

    mutating func observe(_ record: RunRecord) {
        switch record.body {
        case .run(let header):
            self.header = header
            windows.begin(header.venue.limits)
        case .world(let world) where world.event == .secondProcess:
            let until = (world.until ?? record.at).advanced(by: longestWindow)
            othersUntil = max(until, othersUntil ?? until)
        case .reply(let reply):
            if let othersUntil, let sentAt = sent[reply.id], sentAt <= othersUntil, tellsUsage(reply) {
                othersToldAt = record.at
            }
            if reply.event != .gaveUp { sent[reply.id] = nil }
            guard let scope = reply.limitScope, let until = header?.end(of: reply, at: record.at) else { return }
            shut[scope] = max(until, shut[scope] ?? until)
        case .request(let request):
            if request.operation.isCancel {
                scopes.formUnion(request.scopes)
                windows.count(request)
            }
            sent[request.id] = record.at
            costs.append(Cost(at: record.at, weights: request.weights))
            if costs.count > 10_000 {
                let longest = longestWindow
                costs.removeAll { $0.at.advanced(by: longest) <= record.at }
            }
        default: break
        }
    }

    /// True for an answer that came over the wire, at a venue whose headers tell what is used of a limit that cancels count
    /// in.
    private func tellsUsage(_ reply: ReplyRecord) -> Bool {
        guard reply.event != .gaveUp, reply.status != nil, let header else { return false }
        return windows.counted.contains { header.tellsUsage(of: $0) }
    }

    /// When the last scope that a cancel falls under is open again; of any scope while no cancel has shown its own.
    var shutUntil: MonotonicInstant {
        shut.filter { scopes.isEmpty || scopes.contains($0.key) }.values.max() ?? .origin
    }

    /// True where half of a limit that cancels count in was used within one window.
    ///
    /// How near to a limit the library goes is its own affair; a cancel may wait for a window that is really used.
    func isBusy(at now: MonotonicInstant) -> Bool {
        windows.limits.contains { limit in
            guard windows.names.isEmpty || windows.names.contains(limit.name) else { return false }
            let used = costs.reduce(0) { used, cost in
                cost.at.advanced(by: limit.window) > now ? used + (cost.weights[limit.name] ?? 0) : used
            }
            return used * 2 >= limit.limit
        }
    }
}
