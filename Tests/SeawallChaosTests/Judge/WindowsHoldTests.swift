import SeawallBroker
import SeawallRateLimit
import SeawallTime
import Testing

@testable import Seawall
@testable import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct WindowsHoldTests {
    private func story(_ rule: LimitRule, ages: [AgeCost] = []) -> Story<WindowsHold> {
        Story(WindowsHold()) { header in
            header.venue.limits = [rule]
            header.venue.costsByAge = ages.isEmpty ? [:] : [.cancel: [rule.name: ages]]
        }
    }

    private static func rule(
        _ shape: LimitRule.Shape, limit: Int = 4, offset: Duration = .zero, scope: LimitScope = .ip, decay: Int = 0,
        releasesOnFill: Bool = false
    ) -> LimitRule {
        LimitRule(
            name: "request_weight_1m", scope: scope, counts: .weight, shape: shape, limit: limit, window: .seconds(10),
            offset: offset, decay: decay, releasesOnFill: releasesOnFill)
    }

    @Test func aWindowThatIsFilledToItsLimitIsKept() {
        for shape in LimitRule.Shape.allCases {
            var story = story(Self.rule(shape, decay: 1))
            for number in 1...4 { story.arrive("r\(number)") }
            #expect(story.isKept && story.checked == 1, "\(shape)")
            story.arrive("r5")
            #expect(!story.isKept, "\(shape)")
        }
    }

    @Test func aRollingWindowRolls() {
        var story = story(Self.rule(.rolling))
        story.at(9)
        for number in 1...4 { story.arrive("a\(number)") }
        story.at(.milliseconds(18_999))
        story.arrive("b")
        #expect(!story.isKept)
        var other = self.story(Self.rule(.rolling))
        other.at(9)
        for number in 1...4 { other.arrive("a\(number)") }
        other.at(19)
        for number in 1...4 { other.arrive("b\(number)") }
        #expect(other.isKept && other.checked == 2)
    }

    @Test func aFixedWindowBeginsOnTheVenuesClock() {
        var story = story(Self.rule(.fixed, offset: .seconds(3)))
        story.at(.milliseconds(12_999))
        for number in 1...4 { story.arrive("a\(number)") }
        story.at(13)
        for number in 1...4 { story.arrive("b\(number)") }
        #expect(story.isKept && story.checked == 2)
        story.at(.milliseconds(22_999))
        story.arrive("c")
        #expect(
            story.finding.broken == ["at 22.999000000 s: query c fills request_weight_1m to 5 of 4"])
    }

    @Test func aCounterFallsSteadily() {
        var story = story(Self.rule(.decay, decay: 2))
        for number in 1...4 { story.arrive("a\(number)") }
        story.at(.milliseconds(500))
        story.arrive("b")
        #expect(story.isKept)
        story.at(.milliseconds(999))
        story.arrive("c")
        #expect(!story.isKept)
    }

    @Test func eachSymbolHasItsOwnCounter() {
        var story = story(Self.rule(.rolling, scope: .symbol))
        for symbol: Symbol in ["BTC", "ETH"] {
            for number in 1...4 { story.arrive("\(symbol)\(number)", symbol: symbol) }
        }
        #expect(story.isKept && story.checked == 2)
        story.arrive("r", symbol: "ETH")
        #expect(!story.isKept)
    }

    @Test func aCancelOfAYoungOrderCostsMore() {
        let ages = [AgeCost(under: .seconds(5), cost: 3), AgeCost(under: .seconds(8), cost: 1)]
        for (seconds, isKept) in [(4, false), (5, true), (8, true)] {
            var story = story(Self.rule(.rolling, limit: 3), ages: ages)
            story.venue(.accepted)
            story.at(seconds)
            story.arrive("r", .cancel, target: "a")
            #expect(story.isKept == isKept, "\(seconds)")
        }
    }

    @Test func anAmendMakesAnOrderYoungAgain() {
        var story = story(Self.rule(.rolling, limit: 3), ages: [AgeCost(under: .seconds(5), cost: 3)])
        story.venue(.accepted)
        story.at(6)
        story.venue(.amended)
        story.at(7)
        story.arrive("r", .cancel, target: "1")
        #expect(!story.isKept)
    }

    @Test func anOrderThatFillsGivesBackWhatItCost() {
        var story = story(Self.rule(.rolling, releasesOnFill: true))
        for number in 1...4 { story.arrive("r\(number)", .place, target: "a\(number)") }
        story.venue(.accepted, "r2", order: "9", client: "a2", quantity: 2)
        story.venue(.filled, order: "9", client: "a2", quantity: 2, remaining: 1)
        // Once, however often it fills.
        story.venue(.filled, order: "9", client: "a2", quantity: 2, remaining: 0)
        story.arrive("r5", .place, target: "a5")
        #expect(story.isKept)
        story.arrive("r6", .place, target: "a6")
        #expect(!story.isKept)
    }

    @Test func anOrderThatTookThePlaceOfAnotherGivesBackWhatTheAmendCost() {
        var story = story(Self.rule(.rolling, releasesOnFill: true))
        story.arrive("r1", .place, target: "a")
        story.venue(.accepted, "r1", order: "1", quantity: 2)
        story.venue(.filled, order: "1", quantity: 2, remaining: 1)
        for number in 2...5 { story.arrive("r\(number)", .amend, target: "a") }
        story.venue(.replaced, "r2", order: "2")
        story.venue(.filled, order: "2", remaining: 0)
        story.arrive("r6", .place, target: "b")
        #expect(story.isKept)
        story.arrive("r7", .place, target: "c")
        #expect(!story.isKept)
    }

    @Test func whatTakesThePlaceOfAnotherIsYoung() {
        var story = story(Self.rule(.rolling, limit: 3), ages: [AgeCost(under: .seconds(5), cost: 3)])
        story.venue(.accepted)
        story.at(6)
        story.venue(.cancelled)
        story.venue(.replaced, order: "2")
        story.at(7)
        story.arrive("r", .cancel, target: "a")
        #expect(!story.isKept)
    }

    @Test func whatIsRefusedCountsOnlyWhereTheVenueCountsIt() {
        for form in [RetryAfterForm.seconds, .none] {
            for shape in LimitRule.Shape.allCases {
                var story = Story(WindowsHold()) { header in
                    header.venue.limits = [Self.rule(shape)]
                    header.venue.wordings[.rateLimited] = Wording(message: "no", retryAfter: form)
                }
                for number in 1...3 { story.arrive("r\(number)") }
                story.tell(.world(WorldRecord(.secondProcess, perMille: 500, until: .origin.advanced(by: .seconds(5)))))
                story.refuse("r4", until: 0)
                story.arrive("r5")
                #expect(story.isKept == (form == .none), "\(shape)")
                story.arrive("r6")
                #expect(!story.isKept, "\(shape)")
            }
        }
    }

    /// A fault makes a request arrive twice: nobody on our side can know.
    @Test func whatAFaultDoublesIsNotOurs() {
        for shape in LimitRule.Shape.allCases {
            var story = story(Self.rule(shape))
            story.arrive("r1")
            story.arrive("r2", faulty: true)
            story.arrivesAgain("r2")
            story.arrivesAgain("r2")
            story.refuse("r3", until: 9)
            #expect(story.isKept, "\(shape)")
            story.arrive("r4")
            #expect(story.isKept, "\(shape)")
            story.arrive("r5")
            #expect(!story.isKept, "\(shape)")
        }
    }

    @Test func aDoubleDoesNotExplainARefusalOfAWindowThatIsNotFull() {
        var story = story(Self.rule(.rolling))
        story.arrive("r1", faulty: true)
        story.arrivesAgain("r1")
        story.refuse("r2", until: 9)
        #expect(!story.isKept)
    }

    @Test func aSecondArrivalThatNoFaultExplainsIsNotCountedTwice() {
        var story = story(Self.rule(.rolling))
        for number in 1...4 { story.arrive("r\(number)") }
        story.arrivesAgain("r4")
        #expect(story.isKept)
    }

    @Test func whatIsLostOnTheWayIsNotCounted() {
        var story = story(Self.rule(.rolling))
        for number in 1...9 { story.send("r\(number)", .query) }
        #expect(story.isKept && story.checked == 0)
    }

    @Test func whatADeadProcessSpentCounts() {
        var story = story(Self.rule(.rolling))
        for number in 1...4 { story.arrive("r\(number)") }
        story.crash()
        story.arrive("r5")
        #expect(!story.isKept)
    }

    @Test func aRefusalThatNothingExplainsIsFound() {
        var story = story(Self.rule(.rolling))
        story.refuse("r1", until: 9)
        #expect(story.finding.broken.count == 1)
        // Whatever else comes before the end of it is promise 3's.
        story.refuse("r2", until: 9)
        #expect(story.finding.broken.count == 1)
    }

    @Test func aSecondProcessExplainsARefusal() {
        var story = story(Self.rule(.rolling))
        story.tell(.world(WorldRecord(.secondProcess, perMille: 1_000, until: .origin.advanced(by: .seconds(5)))))
        story.at(14)
        story.refuse("r1", until: 16)
        #expect(story.isKept)
        story.at(20)
        story.refuse("r2", until: 26)
        #expect(!story.isKept)
    }

    @Test func aSecondProcessExplainsNoMoreThanWhatItMaySpend() {
        for perMille in [700, 800] {
            var story = story(Self.rule(.rolling, limit: 10))
            story.tell(.world(WorldRecord(.secondProcess, perMille: perMille, until: .origin)))
            story.at(9)
            for number in 1...2 { story.arrive("r\(number)") }
            story.refuse("r3", until: 20)
            #expect(story.isKept == (perMille == 800))
        }
    }

    /// A venue may count orders by the day: what others spent of that day holds up no list.
    @Test(arguments: [BrokerOperation.query, .place])
    func whatOthersSpentStandsInTheWindowsOfTheRequestAlone(_ operation: BrokerOperation) {
        var story = Story(WindowsHold()) { header in
            let day = LimitRule(
                name: "orders_1d", scope: .account, counts: .order, shape: .rolling, limit: 100,
                window: .seconds(86_400))
            header.venue.limits = [Self.rule(.rolling), day]
        }
        story.tell(.world(WorldRecord(.secondProcess, perMille: 1_000, until: .origin)))
        story.at(60)
        story.refuse("r1", until: 70) { if operation == .place { $0.weights["orders_1d"] = 1 } }
        #expect(story.isKept == (operation == .place))
    }

    /// A counter that falls holds what others spent for as long as we spend what falls.
    @Test func whatOthersSpentFallsAwayOnlyAsTheCounterDoes() {
        for isBusy in [true, false] {
            var story = story(Self.rule(.decay, limit: 10, decay: 1))
            story.tell(.world(WorldRecord(.secondProcess, perMille: 900, until: .origin.advanced(by: .seconds(5)))))
            story.at(5)
            story.arrive("r0")
            for second in 6...40 {
                story.at(second)
                if isBusy { story.arrive("r\(second)") }
            }
            story.arrive("x")
            story.refuse("x", until: 50)
            #expect(story.isKept == isBusy)
        }
    }

    @Test func aWindowThatIsNotHalfFullDecidesNothing() {
        var story = story(Self.rule(.rolling))
        story.arrive("r1")
        #expect(story.checked == 0)
        story.arrive("r2")
        story.arrive("r3")
        #expect(story.checked == 1)
    }
}

extension Story {
    /// A request goes out and reaches the venue.
    fileprivate mutating func arrive(
        _ id: String, _ operation: BrokerOperation = .query, target: String? = nil, symbol: Symbol = "BTC",
        faulty: Bool = false, change: (inout RequestRecord) -> Void = { _ in }
    ) {
        var request = RequestRecord(id: id, operation: operation)
        request.weights = ["request_weight_1m": 1]
        request.targets = operation == .place ? [] : target.map { [$0] } ?? []
        request.clientID = target.map { ClientOrderID($0) }
        request.symbol = symbol
        change(&request)
        tell(.request(request))
        if faulty { tell(.fault(FaultRecord(fault: "twice", operation: operation, request: id))) }
        tell(.venue(VenueEvent(.arrived, time: .origin, request: id, operation: operation)))
    }

    fileprivate mutating func arrivesAgain(_ id: String) {
        tell(.venue(VenueEvent(.arrived, time: .origin, request: id, operation: .query)))
    }

    /// The venue says stop, though little was spent.
    fileprivate mutating func refuse(
        _ id: String, until seconds: Int, change: (inout RequestRecord) -> Void = { _ in }
    ) {
        arrive(id, change: change)
        tell(
            .venue(
                VenueEvent(
                    .limited, time: .origin, request: id, limitScope: .ip,
                    until: .origin.advanced(by: .seconds(seconds)), reason: "-1003 Too many requests.")))
    }
}
