import Seawall
import SeawallBroker
import SeawallTime
import Testing

@testable import Seawall

/// Cancels of one order that wait at once are one.
@Suite struct CancelTriesTests {
    @Test func whoeverAsksBeforeTheHandOverFollowsAndWhoeverAsksLaterLeads() {
        var core = CancelTriesCore()
        #expect(core.enter(.client("a")) == .lead(1))
        #expect(core.enter(.client("a")) == .follow(2))
        #expect(core.enter(.venue("a")) == .lead(3))
        core.depart(1)
        #expect(core.enter(.client("a")) == .lead(4))
        #expect(core.enter(.client("a")) == .follow(5))
        #expect([core.leave(2), core.leave(2)] == [true, false])
        #expect(core.end(1) == [])
        #expect(core.end(4) == [5])
        #expect(core.end(3) == [])
        #expect(core.count == 0)
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
                    #expect(core.enter(target) == .follow(number))
                } else {
                    leaders.append(Leader(number: number, target: target))
                    #expect(core.enter(target) == .lead(number))
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

    @Test func whoFollowsOneThatGoesAwayCancelsByItself() throws {
        try Rig.run { rig in
            let target = OrderTarget.client(try #require(try await rig.broker.place(Rig.buy("a")).clientID))
            try await rig.shut(seconds: 4)
            await withTaskGroup(of: Void.self) { group in
                group.addTask { _ = try? await rig.broker.cancel(target, symbol: Rig.symbol) }
                try? await rig.pass(.milliseconds(1))
                group.addTask {
                    let order = try? await rig.broker.cancel(target, symbol: Rig.symbol)
                    #expect(order?.status == .cancelled || order == nil && Task.isCancelled)
                }
                try? await rig.pass(.milliseconds(1))
                // The first of the two, or both where the group was quicker.
                async let last = rig.broker.cancel(target, symbol: Rig.symbol)
                try? await rig.pass(.milliseconds(1))
                group.cancelAll()
                #expect((try? await last)?.status == .cancelled)
            }
            #expect(rig.script.attempts(of: .cancel) == 1)
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
