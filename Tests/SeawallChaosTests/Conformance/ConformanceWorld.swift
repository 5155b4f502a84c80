import SeawallBroker
import SeawallTime
import Testing

@testable import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A simulated venue of one profile, and the classifier that reads its answers by the same profile.
struct ConformanceWorld {
    static let other: Symbol = "ETHUSDT"

    let profile: VenueProfile
    let world: VenueWorld

    var venue: SimulatedVenue { world.venue }
    var time: ManualTime { world.time }

    init(_ name: String, _ configure: (inout SimulatedVenueConfiguration, VenueProfile) -> Void = { _, _ in }) throws {
        profile = try #require(VenueProfile.named(name))
        var configuration = SimulatedVenueConfiguration.instant
        configure(&configuration, profile)
        let markets = try [VenueWorld.symbol, Self.other].map {
            try SimulatedMarket(.named($0), candles: .recorded([Candle.flat(100)]))
        }
        world = try VenueWorld(profile: profile, configuration: configuration, markets: markets)
    }

    /// What a call came to, as the classifier judges it from what an adapter would hand on.
    func outcome(_ operation: BrokerOperation, _ call: () async throws -> some Sendable) async -> Outcome {
        do {
            _ = try await call()
            return .succeeded
        } catch {
            return OutcomeClassifier(profile: profile).classify(
                operation, error: error, now: time.now, civilNow: time.civilNow)
        }
    }

    /// The word for what a refusal means at this venue.
    func meaning(_ reason: RefusalReason, _ operation: BrokerOperation) -> String? {
        profile.meaning(of: reason, to: operation)?.rawValue
    }

    /// Places an order that rests, a tenth below the market.
    func rest(_ id: ClientOrderID?, quantity: Decimal = 1) async throws -> Order {
        try await venue.place(.limit(.buy, quantity, at: 90, id: id))
    }

    /// The name by which the venue takes an order in queries.
    func queryTarget(_ order: Order) -> OrderTarget {
        guard profile.capabilities.contains(.queryByClientID), let id = order.clientID else { return .venue(order) }
        return .client(id)
    }

    /// The name by which the venue takes an order in cancels.
    func cancelTarget(_ order: Order) -> OrderTarget {
        guard profile.capabilities.contains(.cancelByClientID), let id = order.clientID else { return .venue(order) }
        return .client(id)
    }
}

extension OrderTarget {
    /// The order by the venue's name for it.
    static func venue(_ order: Order) -> OrderTarget { .venue(order.venueID ?? "none") }
}
