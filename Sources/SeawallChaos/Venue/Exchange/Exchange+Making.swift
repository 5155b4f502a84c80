internal import SeawallBroker
internal import SeawallTime

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

extension Exchange {
    /// Makes an exchange that begins at `start`, or tells every setting at fault.
    init(
        profile: VenueProfile, markets definitions: [SimulatedMarket], configuration: SimulatedVenueConfiguration,
        start: MonotonicInstant, civilStart: CivilInstant
    ) throws {
        var problems = configuration.problems(for: profile)
        let definitions = definitions.sorted { $0.rules.symbol < $1.rules.symbol }
        for (first, second) in zip(definitions, definitions.dropFirst())
        where first.rules.symbol == second.rules.symbol {
            problems.append("markets: \(first.rules.symbol) is there twice, once is expected")
        }
        if definitions.isEmpty { problems.append("markets: none, at least one is expected") }
        let rate = DecimalSteps(exponent: -6)
        var wallets: [Asset: ExchangeWallet] = [:]
        let balances =
            configuration.balances
            ?? Dictionary(definitions.map { ($0.rules.quote, 100_000) }, uniquingKeysWith: { first, _ in first })
        for (asset, balance) in balances.sorted(by: { $0.key < $1.key }) {
            if let money = SimulatedMarket.money.exactly(balance), money >= 0 {
                wallets[asset] = ExchangeWallet(initial: money)
            } else {
                problems.append("balance of \(asset): \(balance), 0 or more is expected")
            }
        }
        for asset in Set(definitions.map(\.rules.quote)) where wallets[asset] == nil {
            wallets[asset] = ExchangeWallet(initial: 0)
        }
        var markets: [ExchangeMarket] = []
        for definition in definitions {
            let minimum = definition.lot.truncating(configuration.liquidity.minimum) ?? 0
            var market = ExchangeMarket(definition, minimumLiquidity: Int64(clamping: minimum))
            market.renewLiquidity(percent: configuration.liquidity.volumePercent)
            if let held = configuration.positions[market.symbol] {
                if let lots = definition.lot.exactly(held), abs(lots) <= Int128(SimulatedMarket.mostSteps) {
                    market.position = Int64(clamping: lots)
                    market.entryCost = lots * Int128(market.price)
                } else {
                    problems.append("position of \(market.symbol): \(held), whole lots are expected")
                }
            }
            markets.append(market)
        }
        for symbol in configuration.positions.keys.sorted() where !markets.contains(where: { $0.symbol == symbol }) {
            problems.append("position of \(symbol): the venue does not trade it")
        }
        guard problems.isEmpty else { throw SimulatedVenueError(code: .invalidConfiguration, problems: problems) }
        self.profile = profile
        self.configuration = configuration
        self.start = start
        self.civilStart = civilStart
        makerRate = rate.exactly(configuration.fees.maker) ?? 0
        takerRate = rate.exactly(configuration.fees.taker) ?? 0
        self.markets = markets
        marketBySymbol = Dictionary(
            markets.enumerated().map { ($1.symbol, $0) }, uniquingKeysWith: { first, _ in first })
        self.wallets = wallets
        clock = start
        visibilities = SeededGenerator(seed: configuration.seed, stream: "venue.visibility")
        pieces = SeededGenerator(seed: configuration.seed, stream: "venue.pieces")
        requestArrivedAt = start
        givesBack = profile.limits.contains(where: \.releasesOnFill)
    }
}

extension SimulatedVenueConfiguration {
    /// Every setting that makes no sense, with its value and what is expected.
    fileprivate func problems(for profile: VenueProfile) -> [String] {
        var problems: [String] = []
        func check(_ isGood: Bool, _ problem: @autoclosure () -> String) {
            if !isGood { problems.append(problem()) }
        }
        check(requestLatency.lowerBound >= .zero, "request latency: \(requestLatency), 0 or more is expected")
        check(replyLatency.lowerBound >= .zero, "reply latency: \(replyLatency), 0 or more is expected")
        check(serviceTime >= .zero, "service time: \(serviceTime), 0 or more is expected")
        check((1...125).contains(leverage), "leverage: \(leverage), 1 to 125 are expected")
        check(requestsUntilBan >= 1, "requests until ban: \(requestsUntilBan), at least 1 is expected")
        check(streamBuffer >= 1, "stream buffer: \(streamBuffer), at least 1 is expected")
        check(
            visibilityLag >= .zero && visibilityLag <= profile.visibilityLag,
            "visibility lag: \(visibilityLag), 0 to the profile's \(profile.visibilityLag) are expected")
        let room = profile.visibilityLag - max(.zero, visibilityLag)
        check(
            visibilityJitter >= .zero && visibilityJitter <= max(.zero, room),
            "visibility jitter: \(visibilityJitter), 0 to what the lag leaves of the profile's, \(room), is expected")
        check((1...100).contains(piecesPerTrade), "pieces per trade: \(piecesPerTrade), 1 to 100 are expected")
        check(
            (0...1_000_000).contains(liquidity.volumePercent),
            "liquidity percent: \(liquidity.volumePercent), 0 to 1000000 are expected")
        check(
            liquidity.minimum.isFinite && liquidity.minimum >= 0,
            "liquidity minimum: \(liquidity.minimum), 0 or more is expected")
        for (name, rate) in [("maker fee", fees.maker), ("taker fee", fees.taker)] {
            let millionths = DecimalSteps(exponent: -6).exactly(rate)
            check(
                millionths.map { abs($0) < 1_000_000 } ?? false,
                "\(name): \(rate), a share between -1 and 1 in whole millionths is expected")
        }
        check(profile.heartbeat > .zero, "the profile's heartbeat: \(profile.heartbeat), above 0 is expected")
        check(profile.pageSize >= 1, "the profile's page size: \(profile.pageSize), at least 1 is expected")
        for limit in profile.limits where limit.counts != .open {
            let isGood =
                limit.shape == .decay ? limit.decay > 0 && limit.limit > 0 : limit.window > .zero && limit.limit > 0
            check(isGood, "the profile's limit \(limit.name): a limit and a window (or decay) above 0 are expected")
        }
        return problems
    }
}
