import SeawallBroker
import SeawallRateLimit
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

    /// Every profile of the library, and the one that stands in Docs/Venues.md for a user's own.
    static let names = VenueProfile.all.map(\.name) + [documented].compactMap { $0?.name }

    static func profile(_ name: String) -> VenueProfile? {
        VenueProfile.named(name) ?? documented.flatMap { $0.name == name ? $0 : nil }
    }

    /// The profile of the page on venues, read from the page.
    static let documented: VenueProfile? = {
        let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4).joined(separator: "/")
        guard let page = try? Data(contentsOf: URL(fileURLWithPath: root + "/Docs/Venues.md")) else { return nil }
        guard let block = String(decoding: page, as: UTF8.self).split(separator: "```json\n").dropFirst().first,
            let text = block.split(separator: "```").first
        else { return nil }
        return try? JSONDecoder().decode(VenueProfile.self, from: Data(text.utf8))
    }()

    /// Makes the world of a profile, or of that profile with a change.
    init(
        _ name: String, changing change: (inout VenueProfile) -> Void
    ) throws {
        try self.init(try #require(Self.profile(name)).with(change))
    }

    init(_ name: String, _ configure: (inout SimulatedVenueConfiguration, VenueProfile) -> Void = { _, _ in }) throws {
        try self.init(try #require(Self.profile(name)), configure)
    }

    private init(
        _ profile: VenueProfile, _ configure: (inout SimulatedVenueConfiguration, VenueProfile) -> Void = { _, _ in }
    ) throws {
        self.profile = profile
        var configuration = SimulatedVenueConfiguration.instant
        configure(&configuration, profile)
        let markets = try [VenueWorld.symbol, Self.other].map {
            try SimulatedMarket(.named($0), candles: .recorded([Candle.flat(100)]))
        }
        world = try VenueWorld(profile: profile, configuration: configuration, markets: markets)
    }

    /// The usage headers that the answer to a call brought, refused or not.
    func headers(of call: () async throws -> some Sendable) async -> [String: String] {
        let heard = Lock<[String: String]>([:])
        let context = RequestContext(
            origin: .bot, lane: "new", sentAt: time.now, deadline: nil,
            onHeaders: { headers in heard.withLock { $0 = headers } })
        await RequestContext.$current.withValue(context) { _ = try? await call() }
        return heard.withLock { $0 }
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
    ///
    /// What it has no words for is said in words that its table may know by their status alone, or not at all: then
    /// nothing is proven.
    func meaning(_ reason: RefusalReason, _ operation: BrokerOperation) -> String? {
        let wording = profile.operationWordings[operation]?[reason] ?? profile.wordings[reason]
        let status = profile.wording(of: reason, to: operation).status
        let hasWords = wording != nil || profile.errors.contains { $0.status == status && $0.code == nil }
        return !hasWords ? "ambiguous" : profile.meaning(of: reason, to: operation)?.rawValue
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
