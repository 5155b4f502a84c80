import Seawall
import SeawallBroker
import SeawallTime
import Testing

@testable import Seawall

/// Cancels of one order that wait at once are one.
@Suite struct CancelTriesTests {
    private static func name(_ target: OrderTarget, _ symbol: Symbol = "A") -> CancelTriesCore.Name {
        CancelTriesCore.Name(target: target, symbol: symbol)
    }

    @Test func whoeverAsksBeforeTheHandOverFollowsAndWhoeverAsksLaterLeads() {
        var core = CancelTriesCore()
        #expect(core.enter(Self.name(.client("a"))) == .lead(1))
        #expect(core.enter(Self.name(.client("a"))) == .follow(2))
        #expect(core.enter(Self.name(.venue("a"))) == .lead(3))
        core.depart(1)
        #expect(core.enter(Self.name(.client("a"))) == .lead(4))
        #expect(core.enter(Self.name(.client("a"))) == .follow(5))
        #expect([core.leave(2), core.leave(2)] == [true, false])
        #expect(core.end(1) == [])
        #expect(core.end(4) == [5])
        #expect(core.end(3) == [])
        #expect(core.count == 0)
        // The same id of another symbol is another order.
        #expect(core.enter(Self.name(.venue("1"))) == .lead(6))
        #expect(core.enter(Self.name(.venue("1"), "B")) == .lead(7))
    }

    /// Against lists that are searched from end to end.
    @Test(arguments: 0..<30)
    func everyFollowerIsToldOnce(seed: Int) {
        struct Leader {
            var number: UInt64
            var target: OrderTarget
            var isWaiting = true
            var followers: [UInt64] = []
        }
        var random = SeededGenerator(seed: UInt64(seed), stream: "cancels")
        var core = CancelTriesCore()
        var leaders: [Leader] = []
        var number: UInt64 = 0
        for _ in 0..<300 {
            let target = OrderTarget.client(ClientOrderID("\(random.below(3))"))
            let any = leaders.isEmpty ? nil : Int(random.below(UInt64(leaders.count)))
            switch random.below(4) {
            case 0, 1:
                number += 1
                if let index = leaders.firstIndex(where: { $0.target == target && $0.isWaiting }) {
                    leaders[index].followers.append(number)
                    #expect(core.enter(Self.name(target)) == .follow(number))
                } else {
                    leaders.append(Leader(number: number, target: target))
                    #expect(core.enter(Self.name(target)) == .lead(number))
                }
            case 2:
                guard let any else { continue }
                leaders[any].isWaiting = false
                core.depart(leaders[any].number)
            default:
                guard let any else { continue }
                if random.chance(0.5), let follower = leaders[any].followers.popLast() {
                    #expect([core.leave(follower), core.leave(follower)] == [true, false])
                } else {
                    let leader = leaders.remove(at: any)
                    #expect(core.end(leader.number) == leader.followers)
                }
            }
            #expect(core.count == leaders.reduce(0) { $0 + 1 + $1.followers.count })
        }
    }

    @Test func threeCancelsThatWaitForTheVenueGoOutAsOne() throws {
        try Rig.run { rig in
            let target = OrderTarget.client(try #require(try await rig.broker.place(Rig.buy("a")).clientID))
            try await rig.shut(seconds: 4)
            async let first = rig.broker.cancel(target, symbol: Rig.symbol)
            async let second = rig.broker.cancel(target, symbol: Rig.symbol)
            async let third = rig.broker.cancel([target], symbol: Rig.symbol)
            #expect(try await first.status == .cancelled)
            #expect(try await second.status == .cancelled)
            #expect(try await third.allSatisfy { $0.isSuccess })
            #expect(rig.script.attempts(of: .cancel) == 1)
        }
    }

    /// The one that leads goes away, or has less patience left: whoever follows goes on at once, as if it had been the first.
    @Test func whoFollowsOneThatEndsUnsentLeadsAtOnce() throws {
        try Rig.run { rig in
            let target = OrderTarget.client(try #require(try await rig.broker.place(Rig.buy("a")).clientID))
            try await rig.shut(seconds: 4)
            let end = rig.time.now.advanced(by: .seconds(4))
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    await #expect(throws: CancellationError.self) {
                        try await rig.broker.cancel(target, symbol: Rig.symbol)
                    }
                }
                try await rig.pass(.milliseconds(1))
                async let second = rig.broker.cancel(target, symbol: Rig.symbol)
                try await rig.pass(.seconds(4) - .milliseconds(2))
                group.cancelAll()
                #expect(try await second.status == .cancelled)
            }
            #expect(rig.script.instants(of: .cancel) == [end])
        }
    }

    @Test func aFollowerThatIsCancelledLeavesAtOnce() throws {
        try Rig.run { rig in
            let target = OrderTarget.client(try #require(try await rig.broker.place(Rig.buy("a")).clientID))
            try await rig.shut(seconds: 4)
            let start = rig.time.now
            async let first = rig.broker.cancel(target, symbol: Rig.symbol)
            try await rig.pass(.milliseconds(1))
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    await #expect(throws: CancellationError.self) {
                        try await rig.broker.cancel(target, symbol: Rig.symbol)
                    }
                }
                try? await rig.pass(.milliseconds(1))
                group.cancelAll()
            }
            #expect(start.duration(to: rig.time.now) < .seconds(1))
            #expect(try await first.status == .cancelled)
        }
    }

    @Test func aCancelThatIsOnItsWayHoldsUpNoOther() throws {
        try Rig.run { rig in
            let target = OrderTarget.client(try #require(try await rig.broker.place(Rig.buy("a")).clientID))
            rig.script.next(.cancel, .arriveLate(.seconds(8)))
            let start = rig.time.now
            async let first = rig.broker.cancel(target, symbol: Rig.symbol)
            try await rig.pass(.milliseconds(10))
            #expect(try await rig.broker.cancel(target, symbol: Rig.symbol).status == .cancelled)
            #expect(start.duration(to: rig.time.now) < .seconds(1))
            _ = try await first
            #expect(rig.script.attempts(of: .cancel) == 2)
        }
    }
}

extension CancelResult {
    fileprivate var isSuccess: Bool { if case .success = result { true } else { false } }
}
