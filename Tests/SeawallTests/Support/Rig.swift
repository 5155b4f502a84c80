import Seawall
import SeawallChaos
import SeawallTime
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A layer in virtual time before a broker of fixed answers, with everything that it recorded.
struct Rig: Sendable {
    static let symbol: Symbol = "BTCUSDT"

    let time: any TimeSource
    let base: DeterministicBroker
    let script: ScriptedBroker
    let layer: ReliabilityLayer
    let recorder: EventRecorder

    var broker: GuardedBroker { layer.broker }

    init(
        _ environment: RuntimeEnvironment, venue: VenueProfile = .binanceUSDM,
        capabilities: Set<BrokerCapability> = DeterministicBroker.everything,
        configuration: LayerConfiguration = LayerConfiguration(), journal: (any JournalStorage)? = nil,
        base: DeterministicBroker? = nil
    ) throws {
        time = environment.time
        self.base = base ?? DeterministicBroker(capabilities: capabilities)
        script = ScriptedBroker(base: self.base, time: environment.time)
        recorder = EventRecorder()
        layer = try ReliabilityLayer(
            venue: venue, broker: script, configuration: configuration, journal: journal,
            environment: environment, recorder: recorder)
    }

    /// Runs `body` under several orders of the same events, and fails where one leaves a task or an error behind.
    static func run(
        seeds: Range<UInt64> = 0..<4, venue: VenueProfile = .binanceUSDM,
        capabilities: Set<BrokerCapability> = DeterministicBroker.everything,
        configuration: LayerConfiguration = LayerConfiguration(),
        _ body: @escaping @Sendable (Rig) async throws -> Void
    ) throws {
        for seed in seeds {
            let report = try Simulation(seed: seed).run(for: .seconds(3_600)) { world in
                let rig = try Rig(
                    world.environment, venue: venue, capabilities: capabilities, configuration: configuration)
                try await body(rig)
            }
            #expect(report.isClean, "\(report)")
        }
    }

    /// Lets that much time pass.
    func pass(_ duration: Duration) async throws { try await time.sleep(for: duration) }

    /// The error of a place that must not go well.
    func failure(of request: OrderRequest) async throws -> GuardError? {
        do {
            _ = try await broker.place(request)
            return nil
        } catch let error as GuardError {
            return error
        }
    }

    /// Has the venue answer 429, so that its address is shut for so long; it takes one place.
    func shut(seconds: Int) async throws {
        script.next(.place, .fail(.limited(seconds: seconds)))
        let error = try await failure(of: Rig.buy("shutter"))
        #expect(error?.code == .rejected)
    }

    /// A position of so much, and the layer started.
    func start(position: Int) async throws {
        base.update { $0.positions = [Position(symbol: Rig.symbol, quantity: .init(position))] }
        try await layer.start(symbols: [Rig.symbol])
    }

    static func buy(_ intent: IntentID, _ quantity: String = "1") throws -> OrderRequest {
        try .limit(.buy, quantity: quantity, of: symbol, at: "100", intent: intent)
    }

    static func sell(_ intent: IntentID, _ quantity: String = "1") throws -> OrderRequest {
        try .limit(.sell, quantity: quantity, of: symbol, at: "100", intent: intent)
    }
}

/// Keeps what a layer records, in order.
final class EventRecorder: LayerRecorder {
    private let kept = Lock([LayerEvent]())

    func record(_ event: LayerEvent) { kept.withLock { $0.append(event) } }

    var events: [LayerEvent] { kept.withLock { $0 } }

    func states(of intent: IntentID) -> [OrderStatus] {
        events.compactMap { event in
            if case .order(let change) = event, change.intent == intent { change.state } else { nil }
        }
    }

    func clientID(of intent: IntentID) -> ClientOrderID? {
        for case .order(let change) in events where change.intent == intent { return change.clientID }
        return nil
    }

    var permissions: [(event: PermissionChange.Event, code: ReasonCode)] {
        events.compactMap { event in
            if case .permission(let change) = event { (change.event, change.code) } else { nil }
        }
    }
}
