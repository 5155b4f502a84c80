internal import Seawall

/// What rightly keeps a process from reaching its venue for a time: shut scopes, sleep, and not being there.
struct Hindrances: Sendable {
    /// Since when nothing of the kind holds any more, as far as it has been seen; it may lie ahead.
    private(set) var clearSince = MonotonicInstant.origin

    private var header: RunHeader?

    mutating func observe(_ record: RunRecord) {
        switch record.body {
        case .run(let header): self.header = header
        case .reply(let reply):
            guard reply.limitScope != nil, let until = header?.end(of: reply, at: record.at) else { return }
            clearSince = max(clearSince, until)
        case .world(let world):
            guard let until = world.until else { return }
            switch world.event {
            case .sleep, .venueMode, .authentication, .secondProcess: clearSince = max(clearSince, until)
            case .clockStep, .disk: break
            }
        case .restart: clearSince = max(clearSince, record.at)
        default: break
        }
    }
}
