import SeawallBroker
import SeawallTime
import Testing

@testable import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What befalls a stream shows in its numbers as the profile's rule says, or not at all where it says that there are none.
@Suite struct SequenceConformanceTests {
    private static let venues = ConformanceWorld.names
    private static let numbered = venues.filter { ConformanceWorld.profile($0)?.sequence != SequenceRule.none }
    private static let unnumbered = venues.filter { ConformanceWorld.profile($0)?.sequence == SequenceRule.none }

    /// What the account's stream and its numbers say while six orders are placed.
    private func steps(
        _ name: String, _ effect: FaultEffect?
    ) async throws -> (steps: [NaiveSequence.Step], chaos: ChaosBroker) {
        let world = try ConformanceWorld(name)
        let plan = FaultPlan(
            effect.map { [FaultAction($0, on: .on(.userStream), after: 2, times: 1)] } ?? [])
        let chaos = try ChaosBroker(world.venue, plan: plan, environment: RuntimeEnvironment(time: world.time))
        let stream = try await chaos.userEvents()
        for number in 1...6 { _ = try await world.rest(ClientOrderID("o\(number)")) }
        world.venue.close()
        var reader = NaiveSequence(rule: world.profile.sequence)
        var steps: [NaiveSequence.Step] = []
        for try await event in stream { steps.append(reader.step(event.sequence)) }
        return (steps, chaos)
    }

    @Test func everyRuleIsThatOfAVenue() {
        let rules = Set(Self.venues.compactMap { ConformanceWorld.profile($0)?.sequence })
        #expect(rules == Set(SequenceRule.allCases))
    }

    @Test(arguments: numbered)
    func whereNothingIsLostEachEventFollowsTheOneBefore(name: String) async throws {
        #expect(try await steps(name, nil).steps == [.first, .next, .next, .next, .next, .next])
    }

    @Test(arguments: numbered)
    func aGapIsSeen(name: String) async throws {
        let (steps, chaos) = try await steps(name, .streamGap(events: 1))
        #expect(steps == [.first, .next, .gap, .next, .next])
        #expect(chaos.unstruck == [])
    }

    @Test(arguments: numbered)
    func aRepeatIsSeen(name: String) async throws {
        let (steps, chaos) = try await steps(name, .streamRepeat(times: 1))
        #expect(steps == [.first, .next, .next, .older, .next, .next, .next])
        #expect(chaos.unstruck == [])
    }

    @Test(arguments: numbered)
    func aCountThatBeginsAgainIsSeen(name: String) async throws {
        let (steps, chaos) = try await steps(name, .streamReset)
        #expect(Array(steps.prefix(3)) == [.first, .next, .older])
        #expect(steps.count == 6)
        #expect(chaos.unstruck == [])
    }

    @Test(arguments: unnumbered)
    func withoutNumbersNothingIsSeenAndNoCountBeginsAgain(name: String) async throws {
        let (lossy, _) = try await steps(name, .streamGap(events: 1))
        #expect(lossy == Array(repeating: .unnumbered, count: 5))
        let (steps, chaos) = try await steps(name, .streamReset)
        #expect(steps == Array(repeating: .unnumbered, count: 6))
        #expect(chaos.unstruck.map(\.fault) == ["stream_reset"])
    }

    /// Ranges and pointers go on over connections; a count of its own begins with each.
    @Test(arguments: numbered)
    func theNextConnectionGoesOnOrBeginsAnew(name: String) async throws {
        let world = try ConformanceWorld(name)
        var firsts: [EventSequence] = []
        for number in 1...2 {
            let stream = try await world.venue.userEvents()
            _ = try await world.rest(ClientOrderID("o\(number)"))
            world.venue.breakStreams()
            var events: [EventSequence?] = []
            do { for try await event in stream { events.append(event.sequence) } } catch {}
            firsts.append(try #require(events.first ?? nil))
        }
        if world.profile.sequence == .contiguous {
            #expect(firsts == [1, 1])
        } else {
            #expect(firsts[0].last < firsts[1].first)
        }
    }
}
