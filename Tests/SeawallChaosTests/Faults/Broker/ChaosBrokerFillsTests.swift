import SeawallBroker
import SeawallChaos
import SeawallTime
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct ChaosBrokerFillsTests {
    private let time = ManualTime()
    private let base = DeterministicBroker()

    private func broker(_ plan: FaultPlan) throws -> ChaosBroker {
        try ChaosBroker(base, plan: plan, environment: RuntimeEnvironment(time: time))
    }

    private func fill(_ id: FillID, _ symbol: Symbol = "BTCUSDT") -> Fill {
        Fill(
            id: id, venueID: "V1", clientID: nil, symbol: symbol, side: .buy, quantity: 1, price: 100, fee: 0,
            feeAsset: "USDT", time: CivilInstant(millisecondsSinceEpoch: 0))
    }

    /// Reads from where the last read ended, as a bot does.
    private func read(
        _ broker: ChaosBroker, _ cursor: inout FillCursor?, _ symbol: Symbol? = nil
    ) async throws
        -> [FillID]
    {
        let page = try await broker.fills(since: cursor, symbol: symbol)
        cursor = page.cursor
        return page.fills.map(\.id)
    }

    @Test func lateFillsComeLaterThoughTheCursorPassedThem() async throws {
        let broker = try broker([.once(.lateFills(by: .seconds(10)), on: .on(.fills))])
        base.update { $0.fills = [fill("f1"), fill("f2")] }
        var cursor: FillCursor?
        #expect(try await read(broker, &cursor) == [])
        base.update { $0.fills.append(fill("f3")) }
        #expect(try await read(broker, &cursor) == ["f3"])
        time.advance(by: .seconds(9))
        #expect(try await read(broker, &cursor) == [])
        time.advance(by: .seconds(1))
        #expect(try await read(broker, &cursor, "ETHUSDT") == [])
        #expect(try await read(broker, &cursor, "BTCUSDT") == ["f1", "f2"])
        #expect(try await read(broker, &cursor) == [])
    }

    @Test func everyFillOfARandomHistoryComesOnceEventually() async throws {
        for seed in 1...20 as ClosedRange<UInt64> {
            var random = SeededGenerator(seed: seed, stream: "fills")
            let base = DeterministicBroker()
            let broker = try ChaosBroker(
                base, plan: [FaultAction(.lateFills(by: .seconds(3)), probability: 0.5)],
                environment: RuntimeEnvironment(time: time), seed: seed)
            var cursor: FillCursor?
            var seen: [FillID] = []
            var made = 0
            for _ in 0..<60 {
                for _ in 0..<random.below(3) {
                    made += 1
                    let next = fill(FillID("f\(made)"))
                    base.update { $0.fills.append(next) }
                }
                seen += try await read(broker, &cursor)
                time.advance(by: .seconds(1))
            }
            time.advance(by: .seconds(10))
            seen += try await read(broker, &cursor)
            time.advance(by: .seconds(10))
            seen += try await read(broker, &cursor)
            #expect(seen.count == made)
            #expect(Set(seen).count == made)
            #expect(seen != (1...max(1, made)).map { FillID("f\($0)") }, "some came out of order")
        }
    }

    @Test func duplicateFillsComeTwice() async throws {
        let broker = try broker([.once(.duplicateFills)])
        base.update { $0.fills = [fill("f1"), fill("f2")] }
        var cursor: FillCursor?
        #expect(try await read(broker, &cursor) == ["f1", "f2", "f1", "f2"])
        #expect(broker.report == [FaultCount(fault: "duplicate_fills", operation: .fills, count: 1)])
    }

    @Test func anAnswerWithoutFillsIsNoStrike() async throws {
        let broker = try broker([.once(.duplicateFills)])
        var cursor: FillCursor?
        #expect(try await read(broker, &cursor) == [])
        #expect(broker.report == [])
    }

    @Test func aLateFillOnTheStreamComesAfterWhatFollowsIt() async throws {
        let broker = try broker([.once(.lateFills(by: .seconds(10)), on: .on(.userStream))])
        var events = try await broker.userEvents().makeAsyncIterator()
        base.emit(.fill(fill("f1"), sequence: 1))
        base.emit(.heartbeat(sequence: 2))
        base.emit(.fill(fill("f2"), sequence: 3))
        #expect(try await events.next() == .heartbeat(sequence: 2))
        #expect(try await events.next() == .fill(fill("f2"), sequence: 3))
        await time.waitForSleepers()
        time.advance(by: .seconds(10))
        #expect(try await events.next() == .fill(fill("f1"), sequence: 1))
        #expect(broker.report == [FaultCount(fault: "late_fills", operation: .userStream, count: 1)])
    }

    @Test func aDuplicateFillOnTheStreamComesTwiceAndOtherEventsOnce() async throws {
        let broker = try broker([.always(.duplicateFills)])
        let events = try await broker.userEvents()
        let order = Order(symbol: "BTCUSDT", side: .buy, quantity: 1, type: .market, status: .filled)
        base.emit(.order(order, sequence: 1))
        base.emit(.fill(fill("f1"), sequence: 2))
        base.endUserEvents()
        var seen: [UserEvent] = []
        for try await event in events { seen.append(event) }
        #expect(seen == [.order(order, sequence: 1), .fill(fill("f1"), sequence: 2), .fill(fill("f1"), sequence: 2)])
    }

    @Test func aBrokenStreamBreaksAtOnceAndItsPumpEnds() async throws {
        let environment = RuntimeEnvironment(time: time)
        let broker = try ChaosBroker(base, plan: [.always(.lateFills(by: .seconds(10)))], environment: environment)
        let events = try await broker.userEvents()
        base.emit(.fill(fill("f1"), sequence: 1))
        base.endUserEvents(throwing: BrokerError(code: .transport, message: "gone", delivery: .maybeSent))
        var seen: [UserEvent] = []
        await #expect(throws: BrokerError.self) {
            for try await event in events { seen.append(event) }
        }
        #expect(seen == [])
    }

    @Test func openingTheStreamCanFailLikeAnyCall() async throws {
        let broker = try broker([.once(.outage(for: .seconds(1), as: .refused), on: .on(.userStream))])
        await #expect(throws: BrokerError.self) { _ = try await broker.userEvents() }
    }

    @Test func withoutFaultsOfFillsTheStreamIsTheVenuesOwn() async throws {
        let environment = RuntimeEnvironment(time: time)
        let broker = try ChaosBroker(base, plan: [.always(.delay(.zero), on: .on(.place))], environment: environment)
        let events = try await broker.userEvents()
        #expect(environment.spawner.liveCount == 0)
        base.emit(.heartbeat(sequence: 1))
        base.endUserEvents()
        var seen: [UserEvent] = []
        for try await event in events { seen.append(event) }
        #expect(seen == [.heartbeat(sequence: 1)])
    }
}
