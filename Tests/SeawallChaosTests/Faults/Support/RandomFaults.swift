import SeawallBroker
import SeawallRateLimit
import SeawallTime

@testable import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Faults of every kind with random fields, all of them valid.
enum RandomFaults {
    static func plan(_ random: inout SeededGenerator, upTo count: UInt64 = 6) -> FaultPlan {
        var plan = FaultPlan()
        for _ in 0..<random.below(count + 1) {
            let next = plan.adding(action(&random))
            // One fault may leave another nothing to strike; such a plan is refused.
            if (try? next.validate()) != nil { plan = next }
        }
        return plan
    }

    static func action(_ random: inout SeededGenerator) -> FaultAction {
        action(effect(pick(FaultEffect.Kind.allCases, &random), &random), &random)
    }

    static func action(_ effect: FaultEffect, _ random: inout SeededGenerator) -> FaultAction {
        let from = duration(&random) - .milliseconds(1)
        var match = FaultMatch()
        if random.chance(0.5) {
            let all = effect.struck.sorted { $0.rawValue < $1.rawValue }
            match.operations = Set((0...random.below(3)).map { _ in pick(all, &random) })
        }
        let operations = match.operations ?? effect.struck
        if random.chance(0.3), !operations.isDisjoint(with: [.place, .preview]) { match.side = .sell }
        if random.chance(0.3), !operations.isDisjoint(with: [.place, .cancel, .query, .openOrders, .ticker]) {
            match.symbol = pick(["BTC-USD", "ETH-USD"], &random)
        }
        if random.chance(0.2), effect.site == .call || effect.site == .world { match.lane = "cancel" }
        return FaultAction(
            effect, on: match, name: random.chance(0.3) ? "named" : nil, after: Int(random.below(6)),
            times: random.chance(0.5) ? Int(random.below(6)) + 1 : nil,
            probability: random.chance(0.5) ? 1 : max(0.01, random.unit()), from: from,
            until: random.chance(0.3) ? from + duration(&random) : nil)
    }

    static func effect(_ kind: FaultEffect.Kind, _ random: inout SeededGenerator) -> FaultEffect {
        let duration = duration(&random)
        let maybe = random.chance(0.5) ? duration : nil
        let flag = random.chance(0.5)
        let loss = flag ? FaultLoss.reset(after: duration) : .silence(for: duration)
        let form: FaultOutage = pick([.refused, .reset, .status(503)], &random)
        let count = Int(random.below(5)) + 1
        let perMille = Int(random.below(1_000)) + 1
        switch kind {
        case .lostBefore: return .lostBefore(loss)
        case .lostAfter: return .lostAfter(loss)
        case .delay: return .delay(duration)
        case .delayedReply: return .delayedReply(duration)
        case .duplicate: return .duplicate(returning: flag ? .first : .second)
        case .reorder: return .reorder(within: duration)
        case .rateLimited: return .rateLimited(retryAfter: pick(FaultRetryAfter.everyForm(seconds: count), &random))
        case .banned: return .banned(retryAfter: pick(FaultRetryAfter.everyForm(seconds: count), &random))
        case .outage: return .outage(for: duration, as: form)
        case .errorInside: return .errorInside(applied: flag)
        case .unreadable: return .unreadable(pick([.rubbish, .empty, .html(502)], &random), applied: flag)
        case .halfAmend: return .halfAmend(pick(FaultHalf.allCases, &random))
        case .mixedBatch: return .mixedBatch
        case .emptyOrders: return .emptyOrders
        case .emptyList: return .emptyList
        case .oldAnswer: return .oldAnswer(age: duration)
        case .truncatedPage: return .truncatedPage(keeping: count, keepsCursor: flag)
        case .failedPage: return .failedPage(flag ? count : nil, as: form)
        case .hiddenOrder: return .hiddenOrder(random.chance(0.5) ? "c1" : nil, for: duration, onStreams: flag)
        case .limitUsage: return .limitUsage(perMille: perMille)
        case .widerSpread: return .widerSpread(basisPoints: perMille)
        case .zeroPrices: return .zeroPrices
        case .error:
            return .error(FaultError(message: "no", status: 400, venueCode: "-2010", body: "{}"), applied: flag)
        case .answer:
            return .answer(
                pick(
                    [
                        .balances([Balance(asset: "USDT", free: 5)]), .positions([]),
                        .limits([LimitUsage(name: "a", used: 1, limit: 2)]),
                        .orders(OrderPage(orders: [], next: "p2")), .fills(FillPage(fills: [], cursor: "7")),
                        .status(VenueStatus(mode: .cancelOnly)),
                    ], &random))
        case .lateFills: return .lateFills(by: duration)
        case .duplicateFills: return .duplicateFills
        case .reorderedFills: return .reorderedFills(within: duration)
        case .streamHang: return .streamHang(for: maybe)
        case .streamMute:
            return .streamMute(
                pick([.heartbeats, .content, .orders, .fills, .tickers, .symbol("BTC-USD")], &random), for: maybe)
        case .streamBreak: return .streamBreak(clean: flag)
        case .streamFlap: return .streamFlap(every: duration)
        case .streamRepeat: return .streamRepeat(times: count)
        case .streamReset: return .streamReset
        case .streamGap: return .streamGap(events: count)
        case .streamReplay: return .streamReplay(age: duration)
        case .clockStep: return .clockStep(flag ? duration : .zero - duration)
        case .machineSleep: return .machineSleep(duration)
        case .crash: return .crash(flag ? .before : .after)
        case .diskFailure: return .diskFailure(pick(DiskFailure.allCases, &random), for: duration)
        case .venueMode: return .venueMode(pick(VenueStatus.Mode.allCases, &random), for: duration)
        case .authenticationExpiry: return .authenticationExpiry(for: duration)
        case .secondProcess: return .secondProcess(perMille: perMille, for: duration)
        case .fill: return .fill(perMille: perMille, at: flag ? .before : .after, hold: duration)
        }
    }

    static func pick<Value>(_ values: [Value], _ random: inout SeededGenerator) -> Value {
        values[Int(random.below(UInt64(values.count)))]
    }

    private static func duration(_ random: inout SeededGenerator) -> Duration {
        .milliseconds(Int64(random.below(5_000)) + 1)
    }
}
