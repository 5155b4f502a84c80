import SeawallBroker
import SeawallChaos
import SeawallRateLimit
import SeawallTime
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct ChaosBrokerTests {
    private let time = ManualTime()
    private let base = DeterministicBroker()
    private let order = OrderRequest(
        symbol: "BTCUSDT", side: .buy, quantity: .base(1), type: .limit(price: 100), clientID: "c1")

    private func broker(
        _ plan: FaultPlan, onStrike: @escaping @Sendable (FaultStrike) -> Void = { _ in }
    ) throws
        -> ChaosBroker
    {
        try ChaosBroker(base, plan: plan, environment: RuntimeEnvironment(time: time), onStrike: onStrike)
    }

    private func failure(_ body: () async throws -> some Any) async -> BrokerError? {
        do {
            _ = try await body()
            return nil
        } catch {
            return error as? BrokerError
        }
    }

    @Test func whatNoFaultStrikesPassesUnchanged() async throws {
        let broker = try broker([])
        let placed = try await broker.place(order)
        #expect(placed.venueID == "V1")
        #expect(try await broker.openOrders(for: nil, page: nil).orders == [placed])
        #expect(broker.callCount(of: .place) == 1)
        #expect(broker.report == [])
        #expect(broker.capabilities == base.capabilities)
    }

    @Test func lostBeforeNeverReachesTheVenue() async throws {
        let broker = try broker([.once(.lostBefore(.reset(after: .zero)), on: .on(.place))])
        let error = await failure { try await broker.place(order) }
        #expect(error?.delivery == .maybeSent)
        #expect(error?.code == .transport)
        #expect(base.callCount(of: .place) == 0)
        #expect(base.orders == [])
        #expect(try await broker.place(order).status == .working)
    }

    @Test func lostAfterIsAppliedAndLooksTheSame() async throws {
        let broker = try broker([.once(.lostAfter(.reset(after: .zero)), on: .on(.place))])
        let after = await failure { try await broker.place(order) }
        #expect(base.callCount(of: .place) == 1)
        #expect(base.orders.map(\.clientID) == ["c1"])
        let before = await failure {
            try await self.broker([.once(.lostBefore(.reset(after: .zero)))]).place(order)
        }
        #expect(after?.description == before?.description)
    }

    @Test func theRefusalOfALostReplyIsLostToo() async throws {
        base.fail(.place, with: BrokerError(code: .answered, message: "no", delivery: .answered, status: 400))
        let broker = try broker([.always(.lostAfter(.reset(after: .zero)))])
        #expect(await failure { try await broker.place(order) }?.delivery == .maybeSent)
        #expect(base.callCount(of: .place) == 1)
    }

    @Test func silenceLastsAsLongAsItSays() async throws {
        let broker = try broker([.once(.lostAfter(.silence(for: .seconds(30))))])
        async let error = failure { try await broker.place(order) }
        await time.waitForSleepers()
        #expect(time.nextDeadline == .origin.advanced(by: .seconds(30)))
        #expect(base.orders.count == 1)
        time.advance(by: .seconds(30))
        #expect(await error?.code == .timeout)
    }

    @Test func aDelayDelegates() async throws {
        let broker = try broker([.once(.delay(.seconds(2)))])
        async let placed = broker.place(order)
        await time.waitForSleepers()
        #expect(base.calls.isEmpty)
        time.advance(by: .seconds(2))
        #expect(try await placed.venueID == "V1")
    }

    @Test func limitsAndBansCarryTheRawHeader() async throws {
        let broker = try broker([
            .once(.rateLimited(retryAfter: "Wed, 21 Oct 2015 07:28:00 GMT")), .once(.banned(retryAfter: "120")),
            .once(.rateLimited(retryAfter: nil)),
        ])
        let errors = [
            await failure { try await broker.place(order) }, await failure { try await broker.place(order) },
            await failure { try await broker.place(order) },
        ]
        #expect(errors.map { $0?.status } == [429, 418, 429])
        #expect(errors.map { $0?.retryAfter } == ["Wed, 21 Oct 2015 07:28:00 GMT", "120", nil])
        #expect(errors.allSatisfy { $0?.delivery == .answered })
        #expect(base.calls.isEmpty)
        let classifier = OutcomeClassifier(profile: .binanceUSDM)
        let outcomes = errors.compactMap { $0 }.map {
            classifier.classify(.place, error: $0, now: time.now, civilNow: time.civilNow).name
        }
        #expect(outcomes == ["rate_limited", "banned", "rate_limited"])
    }

    @Test func anOutageHoldsUntilItIsOver() async throws {
        let broker = try broker([.once(.outage(for: .seconds(60), as: .refused))])
        #expect(await failure { try await broker.place(order) }?.delivery == .notSent)
        time.advance(by: .seconds(59))
        #expect(await failure { try await broker.balances() }?.delivery == .notSent)
        #expect(base.calls.isEmpty)
        time.advance(by: .seconds(1))
        #expect(try await broker.place(order).status == .working)
        #expect(
            broker.report == [
                FaultCount(fault: "outage", operation: .balances, count: 1),
                FaultCount(fault: "outage", operation: .place, count: 1),
            ])
    }

    @Test func anOutageShowsAsItIsTold() async throws {
        let status = try broker([.always(.outage(for: .seconds(1), as: .status(503)), on: .on(.query))])
        let error = await failure { try await status.order(.client("c1"), symbol: "BTCUSDT") }
        #expect(error?.status == 503 && error?.delivery == .answered)
        let reset = try broker([.always(.outage(for: .seconds(1), as: .reset))])
        #expect(await failure { try await reset.place(order) }?.delivery == .maybeSent)
    }

    @Test func anEmptyListStandsWhereOrdersAre() async throws {
        let broker = try broker([.once(.emptyOrders, on: .on(.openOrders))])
        _ = try await broker.place(order)
        #expect(try await broker.openOrders(for: nil, page: nil).orders == [])
        #expect(try await broker.openOrders(for: nil, page: nil).orders.count == 1)
        #expect(base.callCount(of: .openOrders) == 2)
    }

    @Test func anyErrorAndAnyAnswerCanBeGiven() async throws {
        let canned = Order(symbol: "X", side: .buy, quantity: 1, type: .market, status: .filled)
        let rejection = FaultError(message: "Margin is insufficient.", status: 400, venueCode: "-2019")
        let broker = try broker([
            .once(.error(rejection), on: .on(.place)), .once(.answer(.order(canned)), on: .on(.place)),
            .always(.answer(.balances([]))),
        ])
        let error = await failure { try await broker.place(order) }
        #expect(error?.venueCode == "-2019" && error?.message == "Margin is insufficient.")
        #expect(try await broker.place(order) == canned)
        #expect(try await broker.balances() == [])
        #expect(try await broker.positions() == [])
        #expect(base.callCount(of: .place) == 0)
        #expect(base.callCount(of: .balances) == 0)
        #expect(base.callCount(of: .positions) == 1, "an answer of another type strikes nothing")
        #expect(broker.report.first { $0.operation == .positions } == nil)
    }

    @Test func everyStrikeIsToldWithItsRequest() async throws {
        let told = Lock<[FaultStrike]>([])
        let broker = try broker([.always(.lostBefore(.reset(after: .zero)), on: FaultMatch(lane: "cancel"))]) {
            strike in
            told.withLock { $0.append(strike) }
        }
        let context = RequestContext(origin: .bot, lane: "cancel", sentAt: time.now, deadline: nil)
        _ = await failure { try await broker.cancel(.client("c1"), symbol: "BTCUSDT") }
        _ = await RequestContext.$current.withValue(context) {
            await failure { try await broker.cancel(.client("c1"), symbol: "BTCUSDT") }
        }
        let strikes = told.withLock { $0 }
        #expect(strikes.map(\.fault) == ["lost_before"])
        #expect(strikes.map(\.operation) == [.cancel])
        #expect(strikes.first?.context === context)
        #expect(strikes.first?.call.targets == [.client("c1")])
    }

    @Test func aCallerThatGoesAwayDuringAFaultIsCancelled() async throws {
        let broker = try broker([.always(.lostAfter(.silence(for: .seconds(30))))])
        let call = Task { try await broker.place(order) }
        await time.waitForSleepers()
        call.cancel()
        await #expect(throws: CancellationError.self) { try await call.value }
        #expect(base.orders.count == 1)
    }
}
