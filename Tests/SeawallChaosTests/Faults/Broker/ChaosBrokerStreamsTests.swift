import SeawallBroker
import SeawallTime
import Testing

@testable import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What faults do to what a stream brings, event by event, in virtual time.
@Suite struct ChaosBrokerStreamsTests {
    /// What came, and when, in seconds.
    private struct Heard: Equatable, CustomStringConvertible {
        var second: Double
        var text: String
        var description: String { "\(second) \(text)" }
    }

    private static func price(_ last: Decimal, _ sequence: Int64) -> MarketEvent {
        .ticker(Ticker(symbol: "BTC", bid: last, ask: last, last: last, time: nil), sequence: EventSequence(sequence))
    }

    private static func text(_ event: MarketEvent) -> String {
        switch event {
        case .ticker(let ticker, let sequence): "\(ticker.last)#\(sequence?.last ?? 0)"
        case .heartbeat(let sequence): "beat#\(sequence?.last ?? 0)"
        }
    }

    /// Six prices and six heartbeats in turn, one event a second from 1 s on; then the venue ends the stream.
    private func market(_ actions: FaultAction..., ends: (any Error)? = nil) throws -> [String] {
        let heard = Lock<[Heard]>([])
        let report = try Simulation(seed: 1).run { world in
            let base = DeterministicBroker()
            let broker = try ChaosBroker(base, plan: FaultPlan(actions), environment: world.environment)
            let events = try await broker.marketEvents(for: ["BTC"])
            @Sendable func note(_ text: String) {
                let second = MonotonicInstant.origin.duration(to: world.time.now).secondsDouble
                heard.withLock { $0.append(Heard(second: second, text: text)) }
            }
            let listener = world.environment.spawner.spawn {
                do {
                    for try await event in events { note(Self.text(event)) }
                    note("end")
                } catch {
                    note("broken")
                }
            }
            for number in 1...12 as ClosedRange<Int64> {
                try await world.time.sleep(for: .seconds(1))
                let event: MarketEvent =
                    number.isMultiple(of: 2)
                    ? .heartbeat(sequence: EventSequence(number)) : Self.price(Decimal(number), number)
                base.emit(market: event)
            }
            try await world.time.sleep(for: .seconds(1))
            base.endMarketEvents(throwing: ends)
            try await world.time.sleep(for: .seconds(100))
            listener.cancel()
        }
        #expect(report.isClean, "\(report)")
        return heard.withLock { $0 }.map { "\(Int($0.second)) \($0.text)" }
    }

    private let whole = [
        "1 1#1", "2 beat#2", "3 3#3", "4 beat#4", "5 5#5", "6 beat#6", "7 7#7", "8 beat#8", "9 9#9", "10 beat#10",
        "11 11#11", "12 beat#12", "13 end",
    ]

    private func whole(without seconds: ClosedRange<Int>) -> [String] {
        whole.enumerated().filter { !seconds.contains($0.offset + 1) }.map(\.element)
    }

    @Test func aHangSwallowsEverythingEvenTheEnd() throws {
        let some = try market(.after(3, .streamHang(for: .seconds(4)), times: 1))
        #expect(some == whole(without: 4...7))
        let toTheEnd = try market(.after(9, .streamHang(for: .seconds(20)), times: 1))
        #expect(toTheEnd == Array(whole.prefix(9)) + ["30 end"])
        #expect(try market(.after(9, .streamHang(for: nil), times: 1)) == Array(whole.prefix(9)) + ["113 end"])
    }

    @Test func aMutedChannelIsMissingAloneAndForItsTime() throws {
        let beats = try market(.after(2, .streamMute(.heartbeats, for: .seconds(5)), times: 1))
        #expect(beats == whole.filter { !["4 beat#4", "6 beat#6"].contains($0) })
        let content = try market(.after(2, .streamMute(.content, for: nil), times: 1))
        #expect(content == ["1 1#1"] + whole.filter { $0.contains("beat") } + ["13 end"])
        #expect(try market(.once(.streamMute(.symbol("BTC"), for: nil))) == content.filter { $0 != "1 1#1" })
        #expect(try market(.once(.streamMute(.symbol("ETH"), for: nil))) == whole)
    }

    @Test func aBreakEndsTheStreamWithOrWithoutAnError() throws {
        #expect(try market(.after(2, .streamBreak(clean: false), times: 1)) == ["1 1#1", "2 beat#2", "3 broken"])
        #expect(try market(.after(2, .streamBreak(clean: true), times: 1)) == ["1 1#1", "2 beat#2", "3 end"])
        let error = BrokerError(code: .transport, message: "gone", delivery: .maybeSent)
        #expect(try market(.after(99, .streamBreak(clean: true)), ends: error).last == "13 broken")
    }

    @Test func aFlappingStreamBreaksAfterItsTimeAndAgain() throws {
        #expect(try market(.always(.streamFlap(every: .milliseconds(4_500)))) == Array(whole.prefix(4)) + ["4 broken"])
        #expect(try market(.after(1, .streamFlap(every: .seconds(4)))) == whole)
        let breaks = Lock<[Int]>([])
        let report = try Simulation(seed: 1).run { world in
            let broker = try ChaosBroker(
                DeterministicBroker(), plan: [.always(.streamFlap(every: .seconds(7)))],
                environment: world.environment)
            for _ in 0..<3 {
                let events = try await broker.userEvents()
                await #expect(throws: BrokerError.self) { for try await _ in events {} }
                breaks.withLock { $0.append(Int(MonotonicInstant.origin.duration(to: world.time.now).secondsDouble)) }
            }
            #expect(broker.report == [FaultCount(fault: "stream_flap", operation: .userStream, count: 3)])
        }
        #expect(report.isClean)
        #expect(breaks.withLock { $0 } == [7, 14, 21])
    }

    @Test func eventsRepeatResetGetLostAndComeAgain() throws {
        var repeated = whole
        repeated.insert(contentsOf: ["3 3#3", "3 3#3"], at: 3)
        #expect(try market(.after(2, .streamRepeat(times: 2), times: 1)) == repeated)
        let reset = try market(.after(2, .streamReset, times: 1))
        #expect(Array(reset.prefix(5)) == ["1 1#1", "2 beat#2", "3 3#1", "4 beat#2", "5 5#3"])
        #expect(try market(.after(2, .streamGap(events: 3), times: 1)) == whole(without: 3...5))
        var replayed = whole
        replayed.insert("7 3#3", at: 7)
        #expect(try market(.once(.streamReplay(age: .seconds(3)))).contains("5 1#1"))
        let late = FaultAction(.streamReplay(age: .milliseconds(3_500)), from: .milliseconds(6_500), until: .seconds(8))
        #expect(try market(late) == replayed)
    }

    @Test func faultsOfTheMarketAreCountedByTheEvent() throws {
        let base = DeterministicBroker()
        let plan: FaultPlan = [
            FaultAction(.streamGap(events: 1), on: FaultMatch(operations: [.marketStream], symbol: "BTC"), after: 1)
        ]
        var core = FaultCore(plan: plan, seed: 1, stream: "f", start: .origin)
        func event(_ symbol: Symbol?) -> Int? {
            core.event(of: BrokerCall(.marketStream, symbol: symbol), now: .origin) { _ in true }?.number
        }
        #expect([event("BTC"), event("ETH"), event(nil), event("BTC")] == [nil, nil, nil, 2])
        #expect(core.callCount(of: .marketStream) == 0, "an event is no call")
        #expect(
            try ChaosBroker(base, plan: plan).unstruck.map(\.description) == ["actions[0] stream_gap matched no call"])
    }

    @Test func aHiddenOrderIsQuietOnStreamsWhereAsked() async throws {
        let time = ManualTime()
        for onStreams in [true, false] {
            let base = DeterministicBroker()
            let broker = try ChaosBroker(
                base, plan: [.once(.hiddenOrder(nil, for: .seconds(5), onStreams: onStreams), on: .on(.place))],
                environment: RuntimeEnvironment(time: time))
            let events = try await broker.userEvents()
            let placed = try await broker.place(EveryCall.order("c9"))
            let other = Order(clientID: "c5", symbol: "BTC", side: .buy, quantity: 1, type: .market, status: .filled)
            base.emit(.order(placed, sequence: 1))
            base.emit(.order(other, sequence: 2))
            base.endUserEvents()
            var seen: [ClientOrderID?] = []
            for try await case .order(let order, _) in events { seen.append(order.clientID) }
            #expect(seen == (onStreams ? ["c5"] : ["c9", "c5"]))
            #expect(try await broker.openOrders(for: nil, page: nil).orders == [])
            await #expect(throws: BrokerError.self) { try await broker.order(.client("c9"), symbol: EveryCall.symbol) }
            await #expect(throws: BrokerError.self) { try await broker.order(.venue("V1"), symbol: EveryCall.symbol) }
            time.advance(by: .seconds(5))
            #expect(try await broker.openOrders(for: nil, page: nil).orders == [placed])
            #expect(try await broker.order(.venue("V1"), symbol: EveryCall.symbol) == placed)
        }
    }

    /// Under random faults that lose nothing, every event comes; under those that double nothing, none comes twice.
    @Test func nothingIsLostOrDoubledThatNoFaultLosesOrDoubles() throws {
        let losing: [FaultEffect] = [
            .streamHang(for: .seconds(2)), .streamMute(.heartbeats, for: .seconds(2)), .streamGap(events: 2),
        ]
        let doubling: [FaultEffect] = [.streamRepeat(times: 1), .streamReplay(age: .seconds(2))]
        for seed in 1...30 as ClosedRange<UInt64> {
            var random = SeededGenerator(seed: seed, stream: "streams")
            let effect = RandomFaults.pick(losing + doubling, &random)
            let heard = try market(FaultAction(effect, after: Int(random.below(6)), probability: 0.5)).map {
                String($0.split(separator: " ", maxSplits: 1).last ?? "")
            }
            let events = whole.map { String($0.split(separator: " ", maxSplits: 1).last ?? "") }
            if losing.contains(effect) {
                #expect(Set(heard).count == heard.count && Set(heard).isSubset(of: events), "\(effect)")
            } else {
                #expect(Set(heard) == Set(events), "\(effect)")
            }
        }
    }
}
