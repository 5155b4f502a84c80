public import SeawallRateLimit
public import SeawallTime

/// What the guard says to a broker about the call it hands over, as a task-local value.
///
/// An adapter may read it (to sign with `venueTime`, to set a socket's deadline), may report the headers of the answer, and
/// may ask to be told when the guard gives the call up. None of it is required.
public final class RequestContext: Sendable {
    /// On whose behalf a request goes out.
    public enum Origin: Hashable, Sendable {
        /// A call of the bot.
        case bot
        /// The library's own, within an episode of its own.
        case library(episode: String)
    }

    private struct State: Sendable {
        var isGivenUp = false
        var handlers: [@Sendable () -> Void] = []
        var exchange: HTTPExchange?
    }

    /// The request that the current task makes, if a guard makes one.
    @TaskLocal public static var current: RequestContext?

    /// On whose behalf.
    public let origin: Origin

    /// The lane of the limiter that let it through.
    public let lane: Lane

    /// True where a half-open breaker let it through as a probe.
    public let isProbe: Bool

    /// When it was handed over.
    public let sentAt: MonotonicInstant

    /// When the guard will give it up; the call itself may go on.
    public let deadline: MonotonicInstant?

    /// The time to sign the request with: the machine's civil time, or the venue's where the machine's is known to be off.
    ///
    /// An adapter that signs with a clock of its own is refused for as long as that clock is wrong. Nil outside a guard.
    public let venueTime: CivilInstant?

    private let onHeaders: @Sendable ([String: String]) -> Void
    private let state = Lock(State())

    /// Makes a context; `onHeaders` hears the headers that the adapter reports.
    public init(
        origin: Origin, lane: Lane, isProbe: Bool = false, sentAt: MonotonicInstant, deadline: MonotonicInstant?,
        venueTime: CivilInstant? = nil, onHeaders: @escaping @Sendable ([String: String]) -> Void = { _ in }
    ) {
        self.origin = origin
        self.lane = lane
        self.isProbe = isProbe
        self.sentAt = sentAt
        self.deadline = deadline
        self.venueTime = venueTime
        self.onHeaders = onHeaders
    }

    /// Tells the guard the headers of the answer, by which the limiter learns the venue's own count.
    public func report(headers: [String: String]) {
        onHeaders(headers)
    }

    /// Tells the guard what went over the wire, for the span of the request; of several the last counts.
    public func report(_ exchange: HTTPExchange) {
        state.withLock { $0.exchange = exchange }
    }

    /// What the adapter has told of the wire; nil where it has told nothing.
    public var exchange: HTTPExchange? { state.withLock { $0.exchange } }

    /// Runs `handler` once when the guard gives the call up, or at once if it has.
    public func onGivenUp(_ handler: @escaping @Sendable () -> Void) {
        let isGivenUp = state.withLock { state in
            if !state.isGivenUp { state.handlers.append(handler) }
            return state.isGivenUp
        }
        if isGivenUp { handler() }
    }

    /// Gives the call up: nobody waits for its answer any more, though it still counts as evidence.
    public func giveUp() {
        let handlers = state.withLock { state in
            state.isGivenUp = true
            defer { state.handlers = [] }
            return state.handlers
        }
        for handler in handlers { handler() }
    }

    /// True once the guard has given the call up.
    public var isGivenUp: Bool { state.withLock { $0.isGivenUp } }
}
