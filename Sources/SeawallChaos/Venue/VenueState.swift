internal import SeawallBroker
internal import SeawallTime

/// Everything of a simulated venue that its lock guards: the exchange, its door, its streams, and what is to be told.
struct VenueState: Sendable {
    /// Something to tell outside the lock, in order.
    enum Notice: Sendable {
        case truth(VenueEvent)
        case stream(StreamHub.Delivery)
    }

    /// The task that wakes at the next instant at which something happens by itself.
    struct Driver: Sendable {
        var generation = 0
        var wake: MonotonicInstant?
        var task: Task<Void, Never>?
    }

    /// A driver to start, and the one that it takes the place of.
    struct DriverPlan: Sendable {
        var generation: Int
        var former: Task<Void, Never>?
    }

    var exchange: Exchange
    var gate: VenueGate
    var hub: StreamHub
    var driver = Driver()
    var isClosed = false
    /// Until when the venue refuses the account's key.
    var keyIsRefusedUntil: MonotonicInstant?

    private let configuration: SimulatedVenueConfiguration
    private var callLatencies: SeededGenerator
    private var streamLatencies: SeededGenerator
    /// When the one server is done with what it has.
    private var serverFreeAt: MonotonicInstant = .origin

    private var notices: [Notice] = []
    private var isTelling = false
    private var queued = 0
    private var told = 0
    private var waiting: [(mark: Int, continuation: UnsafeContinuation<Void, Never>)] = []

    init(exchange: Exchange, gate: VenueGate) {
        self.exchange = exchange
        self.gate = gate
        configuration = exchange.configuration
        hub = StreamHub(heartbeat: exchange.profile.heartbeat, sequence: exchange.profile.sequence)
        callLatencies = SeededGenerator(seed: configuration.seed, stream: "venue.calls")
        streamLatencies = SeededGenerator(seed: configuration.seed, stream: "venue.streams")
    }

    /// The times on the way of one call: two draws, whatever comes of it.
    mutating func drawLatencies() -> (request: Duration, reply: Duration) {
        let request = callLatencies.duration(in: configuration.requestLatency)
        return (request, callLatencies.duration(in: configuration.replyLatency))
    }

    /// Puts a request in the server's queue and says when it will be done.
    mutating func queue(at now: MonotonicInstant) -> MonotonicInstant {
        serverFreeAt = max(now, serverFreeAt).advanced(by: configuration.serviceTime)
        return serverFreeAt
    }

    mutating func record(_ event: VenueEvent) { exchange.outputs.append(.truth(event)) }

    /// Tells the exchange for whom it has to speak.
    mutating func noteListeners() {
        exchange.hasUserListeners = hub.hasUserListeners
        for index in exchange.markets.indices {
            exchange.markets[index].watchers = hub.watchers(of: exchange.markets[index].symbol)
        }
    }

    /// Puts everything that is new among what is to be told, and returns how much that is in all.
    mutating func collect(at now: MonotonicInstant) -> Int {
        for release in exchange.takeReleases() { gate.release(release, at: now) }
        let isUrgent = exchange.takeUrgency()
        if isUrgent { hub.hurry(to: now) }
        for output in exchange.takeOutputs() {
            if case .truth(let event) = output {
                append(.truth(event))
            } else if isUrgent {
                hub.send(output, latency: .zero)
            } else {
                hub.send(output, latency: streamLatencies.duration(in: configuration.replyLatency))
            }
        }
        for delivery in hub.arrivals(by: now) { append(.stream(delivery)) }
        return queued
    }

    mutating func endStreams(with error: BrokerError?, ofAccountOnly: Bool = false) {
        for (connection, delivery) in hub.end(with: error, ofAccountOnly: ofAccountOnly) {
            append(.truth(event(.disconnected, of: connection)))
            append(.stream(delivery))
        }
        noteListeners()
    }

    /// What is told of a stream.
    func event(_ kind: VenueEvent.Kind, of connection: StreamHub.Connection) -> VenueEvent {
        VenueEvent(kind, time: exchange.now, request: connection.request, operation: connection.operation)
    }

    mutating func append(_ notice: Notice) {
        notices.append(notice)
        queued += 1
    }

    /// A driver to start, where something will happen before the present one wakes.
    mutating func planDriver() -> DriverPlan? {
        guard !isClosed, let next = nextWake, driver.wake.map({ next < $0 }) ?? true else { return nil }
        driver.generation += 1
        driver.wake = next
        defer { driver.task = nil }
        return DriverPlan(generation: driver.generation, former: driver.task)
    }

    /// Tells the present driver when to wake next, or to end.
    mutating func scheduleDriver(_ generation: Int) {
        guard driver.generation == generation else { return }
        driver.wake = nextWake
        if driver.wake == nil { driver.task = nil }
    }

    var nextWake: MonotonicInstant? {
        switch (exchange.nextInstant, hub.nextInstant) {
        case (let first?, let second?): min(first, second)
        case (let first, let second): first ?? second
        }
    }

    /// What is to be told now; nil where somebody else is telling, or nothing is left.
    mutating func takeNotices(isMine: Bool) -> [Notice]? {
        if isTelling, !isMine { return nil }
        guard !notices.isEmpty else {
            isTelling = false
            return nil
        }
        isTelling = true
        defer { notices = [] }
        return notices
    }

    /// Counts what was told and returns those who waited for it.
    mutating func noteTold(_ count: Int) -> [UnsafeContinuation<Void, Never>] {
        told += count
        if waiting.isEmpty { return [] }
        let ready = waiting.filter { $0.mark <= told }.map(\.continuation)
        waiting.removeAll { $0.mark <= told }
        return ready
    }

    func hasTold(_ mark: Int) -> Bool { told >= mark }

    /// Remembers somebody who waits until `mark` is told; false where it is.
    mutating func wait(for mark: Int, _ continuation: UnsafeContinuation<Void, Never>) -> Bool {
        if told >= mark { return false }
        waiting.append((mark, continuation))
        return true
    }
}
