import SeawallRateLimit
import SeawallTime
import Testing

/// The waiting of `acquire`, in manual time, on an executor that the test steps.
@Suite struct RateLimiterTests {
    @Test func aFreeTokenIsTakenWithoutATimer() throws {
        let world = try LimiterWorld()
        world.call("a", ["weight": 8])
        #expect(world.log == ["0s a granted"])
        #expect(world.time.sleeperCount == 0)
        #expect(world.spawner.liveCount == 0)
    }

    @Test func aLaneIsServedInOrderAndAHeavyCallIsNotStarvedByLightOnes() throws {
        let world = try LimiterWorld()
        world.call("first", ["weight": 5])
        world.advance(.seconds(1))
        world.call("second", ["weight": 3])
        world.call("heavy", ["weight": 6])
        world.call("light", ["weight": 1])
        #expect(world.limiter.status.waiting == 2)
        #expect(world.limiter.tryAcquire(["weight": 1], lane: "low").refusal?.code == .behindWaiters)
        world.advance(.seconds(9))
        #expect(world.log == ["0s first granted", "1s second granted"])
        world.advance(.seconds(1))
        #expect(world.log.dropFirst(2) == ["11s heavy granted", "11s light granted"])
        #expect(world.time.sleeperCount == 0)
        #expect(world.spawner.liveCount == 0)
    }

    @Test func aHigherLaneThatWaitsIsNeverOvertaken() throws {
        let world = try LimiterWorld()
        world.call("all", ["weight": 8])
        world.call("reserve", ["weight": 2], lane: "high")
        world.advance(.seconds(1))
        world.call("order", ["weight": 1], lane: "low")
        world.call("reduce", ["weight": 1], lane: "middle")
        world.call("cancel", ["weight": 9], lane: "high")
        // It touches the bucket, so it waits; what shares nothing does not.
        #expect(world.limiter.tryAcquire(["weight": 1, "orders": 1], lane: "low").refusal?.code == .behindWaiters)
        #expect(world.limiter.tryAcquire(["orders": 1], lane: "low").grant != nil)
        world.advance(.seconds(30))
        #expect(world.log.suffix(3) == ["10s cancel granted", "20s reduce granted", "20s order granted"])
    }

    @Test func aSharedScopeAloneKeepsTheOrderOfLanes() throws {
        let world = try LimiterWorld()
        world.limiter.gate(scope: "account", until: .origin.advanced(by: .seconds(5)))
        world.call("cancel", ["orders": 1], lane: "high", scopes: ["symbol"])
        world.call("order", [:], lane: "low", scopes: ["symbol"])
        #expect(world.log.isEmpty)
        world.call("another cancel", [:], lane: "high", scopes: ["symbol"])
        #expect(world.log == ["0s another cancel granted"])
        world.advance(.seconds(5))
        #expect(world.log.suffix(2) == ["5s cancel granted", "5s order granted"])
    }

    @Test func aGateKeepsTheOrderAndExtendingItMovesEveryone() throws {
        let world = try LimiterWorld()
        world.limiter.gate(scope: "ip", until: .origin.advanced(by: .seconds(5)))
        world.call("low", ["weight": 1], lane: "low")
        world.call("high", ["weight": 1], lane: "high")
        world.limiter.gate(scope: "ip", until: .origin.advanced(by: .seconds(7)))
        world.advance(.seconds(6))
        #expect(world.log.isEmpty)
        #expect(world.limiter.status.gates.map(\.scope) == ["ip"])
        world.advance(.seconds(1))
        #expect(world.log == ["7s high granted", "7s low granted"])
        #expect(world.time.sleeperCount == 0)
    }

    @Test func aGateThatClosesAfterTheGrantIsSeenAtTheHandOver() throws {
        let world = try LimiterWorld()
        world.call("order", ["weight": 1])
        let grant = try #require(world.grant("order"))
        #expect(world.limiter.gateEnd(for: grant.scopes) == nil)
        let end = MonotonicInstant.origin.advanced(by: .seconds(5))
        world.limiter.gate(scope: "ip", until: end)
        #expect(world.limiter.gateEnd(for: grant.scopes) == end)
        world.limiter.giveBack(grant)
        #expect(world.limiter.status.buckets[0].used == 0)
    }

    @Test func aDeadlineThatCannotBeMetIsRefusedAtTheDoor() throws {
        let world = try LimiterWorld()
        world.call("all", ["weight": 8])
        world.call("atTheInstant", ["weight": 1], deadline: .seconds(10))
        world.call("past", ["weight": 1], deadline: .zero)
        #expect(world.log.dropFirst() == ["0s atTheInstant deadlineExceeded", "0s past deadlineExceeded"])
        #expect(world.time.sleeperCount == 0)
        world.call("justAfter", ["weight": 1], deadline: .seconds(10) + .nanoseconds(1))
        world.advance(.seconds(10))
        #expect(world.log.last == "10s justAfter granted")
    }

    @Test func whoWaitsIsDroppedAtItsDeadlineAndFreesThoseBehind() throws {
        let world = try LimiterWorld()
        world.call("some", ["weight": 4])
        world.advance(.seconds(1))
        world.call("more", ["weight": 4])
        world.call("head", ["weight": 8])
        world.call("late", ["weight": 4], deadline: .seconds(11))
        world.advance(.seconds(9))
        #expect(world.limiter.status.waiting == 2)
        world.advance(.seconds(1))
        #expect(world.log.suffix(2) == ["11s late deadlineExceeded", "11s head granted"])
        #expect(world.time.sleeperCount == 0)
    }

    @Test func aFullQueueShedsTheNewestOfTheLowestLane() throws {
        let world = try LimiterWorld()
        world.call("all", ["weight": 8])
        for name in ["a", "b"] { world.call(name, ["weight": 1], lane: "low") }
        for name in ["c", "d"] { world.call(name, ["weight": 1], lane: "middle") }
        world.call("e", ["weight": 1], lane: "low")
        world.call("f", ["weight": 9], lane: "high")
        #expect(world.log.dropFirst() == ["0s e queueFull", "0s b shed"])
        world.call("g", ["weight": 9], lane: "high")
        world.call("h", ["weight": 1], lane: "middle")
        #expect(world.log.dropFirst(3) == ["0s a shed", "0s h queueFull"])
    }

    @Test func aCancelledWaiterLeavesNothingBehindAndFreesThoseBehind() throws {
        let world = try LimiterWorld()
        world.call("some", ["weight": 5])
        let heavy = world.call("heavy", ["weight": 6])
        world.call("light", ["weight": 3])
        #expect(world.log.count == 1)
        heavy.cancel()
        world.executor.run()
        #expect(world.log.dropFirst() == ["0s light granted", "0s heavy cancelled"])
        #expect(world.limiter.status.buckets[0].used == 8)
        #expect(world.time.sleeperCount == 0)
        #expect(world.spawner.liveCount == 0)
    }

    @Test func cancellationBeforeTheCallTakesNothing() throws {
        let world = try LimiterWorld()
        let task = world.call("early", ["weight": 1], run: false)
        task.cancel()
        world.executor.run()
        #expect(world.log == ["0s early cancelled"])
        #expect(world.limiter.status.buckets[0].used == 0)
    }

    @Test func cancellationAfterTheGrantLeavesItToTheCaller() throws {
        let world = try LimiterWorld()
        world.call("all", ["weight": 8])
        let task = world.call("next", ["weight": 3])
        world.time.advance(to: .origin.advanced(by: .seconds(10)))
        // The token is taken here, by an event of somebody else; the task has not run yet.
        #expect(world.limiter.status.buckets[0].used == 3)
        task.cancel()
        world.executor.run()
        #expect(world.log.last == "10s next granted")
        let grant = try #require(world.grant("next"))
        world.limiter.giveBack(grant)
        #expect(world.limiter.status.buckets[0].tokens == 10)
    }

    @Test func givingBackWakesExactlyWhoCanGo() throws {
        let world = try LimiterWorld()
        world.call("all", ["weight": 8])
        world.call("a", ["weight": 5])
        world.call("b", ["weight": 4])
        let grant = try #require(world.grant("all"))
        world.limiter.giveBack(grant)
        world.executor.run()
        #expect(world.log == ["0s all granted", "0s a granted"])
        world.advance(.seconds(10))
        #expect(world.log.last == "10s b granted")
    }

    @Test func aReportOfTheServerMovesWaitersBack() throws {
        let world = try LimiterWorld()
        world.call("all", ["weight": 8])
        world.call("next", ["weight": 1])
        world.advance(.seconds(4))
        world.limiter.reportUsage(bucket: "weight", used: 18)
        world.advance(.seconds(9))
        #expect(world.log.count == 1)
        world.advance(.seconds(1))
        #expect(world.log.last == "14s next granted")
    }

    @Test func shutdownEndsAllWaitingAndLeavesNoTimer() throws {
        let world = try LimiterWorld()
        world.call("all", ["weight": 8])
        world.call("a", ["weight": 1])
        world.call("b", ["weight": 1], lane: "middle")
        #expect(world.time.sleeperCount == 1)
        world.limiter.shutdown()
        world.executor.run()
        world.call("later", ["weight": 1])
        #expect(world.log.dropFirst() == ["0s a shutDown", "0s b shutDown", "0s later shutDown"])
        #expect(world.limiter.tryAcquire(["weight": 1], lane: "low").refusal?.code == .shutDown)
        #expect(world.time.sleeperCount == 0)
        #expect(world.spawner.liveCount == 0)
    }

    @Test func theEndOfAllTasksLeavesNobodyWaitingForever() throws {
        let world = try LimiterWorld()
        world.call("all", ["weight": 8])
        world.call("a", ["weight": 1])
        world.spawner.cancelAll()
        world.executor.run()
        #expect(world.log.last == "0s a shutDown")
        #expect(world.spawner.liveCount == 0)
    }

    @Test func aTimerThatWasMovedForwardLeavesNoSecondOne() throws {
        let world = try LimiterWorld()
        world.call("all", ["weight": 8, "orders": 5])
        world.call("a", ["weight": 1])
        world.call("b", ["orders": 1], deadline: .seconds(20))
        world.limiter.gate(scope: "account", until: .origin.advanced(by: .seconds(15)))
        #expect(world.time.sleeperCount == 1)
        world.call("c", [:], scopes: ["account"], deadline: .seconds(18))
        world.executor.run()
        #expect(world.time.sleeperCount == 1)
        #expect(world.spawner.liveCount == 1)
        world.advance(.seconds(30))
        #expect(world.log.suffix(3) == ["10s a granted", "15s b granted", "15s c granted"])
        #expect(world.spawner.liveCount == 0)
    }

    @Test func aNewcomerThatCanGoSoonerIsNotLeftToALaterTimer() throws {
        let world = try LimiterWorld()
        world.call("all", ["weight": 8])
        world.limiter.gate(scope: "account", until: .origin.advanced(by: .seconds(15)))
        world.call("gated", ["orders": 1])
        #expect(world.time.nextDeadline == .origin.advanced(by: .seconds(15)))
        world.call("sooner", ["weight": 1])
        #expect(world.time.nextDeadline == .origin.advanced(by: .seconds(10)))
        #expect(world.time.sleeperCount == 1)
        world.advance(.seconds(15))
        #expect(world.log.dropFirst() == ["10s sooner granted", "15s gated granted"])
    }
}
