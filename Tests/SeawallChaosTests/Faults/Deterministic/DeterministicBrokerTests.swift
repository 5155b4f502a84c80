import SeawallBroker
import SeawallChaos
import SeawallTime
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Makes every call of the boundary once, in the order of the protocol's families.
func callEverything(of broker: any Broker) async throws {
    let request = OrderRequest(
        symbol: "BTCUSDT", side: .sell, quantity: .base(2), type: .limit(price: 100), clientID: "c1")
    _ = try await broker.balances()
    _ = try await broker.positions()
    _ = try await broker.ticker(for: "BTCUSDT")
    _ = try await broker.tickers(for: ["BTCUSDT"])
    _ = try await broker.candles(for: "BTCUSDT", interval: .seconds(60), limit: 5)
    _ = try await broker.depth(for: "BTCUSDT", levels: 5)
    _ = try await broker.rules(for: ["BTCUSDT"])
    _ = try await broker.openOrders(for: nil, page: nil)
    _ = try await broker.orderHistory(for: nil, page: nil)
    _ = try await broker.place(request)
    _ = try await broker.order(.client("c1"), symbol: "BTCUSDT")
    _ = try await broker.amend(AmendRequest(target: .client("c1"), symbol: "BTCUSDT", price: 101))
    _ = try await broker.cancel(.client("c1"), symbol: "BTCUSDT")
    _ = try await broker.cancel([.client("c1")], symbol: "BTCUSDT")
    _ = try await broker.cancelAll(for: "BTCUSDT")
    _ = try await broker.fills(since: nil, symbol: nil)
    _ = try await broker.fees(for: "BTCUSDT")
    _ = try await broker.permissions()
    _ = try await broker.preview(request)
    _ = try await broker.preview(AmendRequest(target: .client("c1"), symbol: "BTCUSDT", price: 101))
    try await broker.setDeadManTimer(.seconds(60), symbol: "BTCUSDT")
    _ = try await broker.serverTime()
    _ = try await broker.status()
    _ = try await broker.limits()
    _ = try await broker.marketEvents(for: ["BTCUSDT"])
    _ = try await broker.userEvents()
}

@Suite struct DeterministicBrokerTests {
    private let broker = DeterministicBroker()
    private let request = OrderRequest(
        symbol: "BTCUSDT", side: .sell, quantity: .base(2), type: .limit(price: 100), clientID: "c1")

    @Test func everyCallHasAnAnswerAndIsRecorded() async throws {
        try await callEverything(of: broker)
        #expect(Set(broker.calls.map(\.operation)) == Set(BrokerOperation.allCases))
        #expect(broker.calls.count == 26)
    }

    @Test func everyCallPassesThroughAnInterceptingBrokerOnceAndAsItIs() async throws {
        let direct = DeterministicBroker()
        try await callEverything(of: direct)
        let behind = DeterministicBroker()
        let chaos = try ChaosBroker(behind, plan: [])
        try await callEverything(of: chaos)
        #expect(behind.calls.map { "\($0)" } == direct.calls.map { "\($0)" })
        for operation in BrokerOperation.allCases {
            #expect(chaos.callCount(of: operation) == direct.callCount(of: operation), "\(operation)")
        }
    }

    @Test func anOrderLivesUntilItIsCancelled() async throws {
        let placed = try await broker.place(request)
        #expect(placed.venueID == "V1" && placed.status == .working && placed.quantity == 2)
        #expect(try await broker.order(.venue("V1"), symbol: "BTCUSDT") == placed)
        let amended = try await broker.amend(
            AmendRequest(target: .client("c1"), symbol: "BTCUSDT", quantity: 3, price: 101))
        #expect(amended.type == .limit(price: 101) && amended.quantity == 3)
        #expect(try await broker.openOrders(for: "BTCUSDT", page: nil).orders == [amended])
        #expect(try await broker.cancel(.venue("V1"), symbol: "BTCUSDT").status == .cancelled)
        #expect(try await broker.openOrders(for: nil, page: nil).orders == [])
        #expect(try await broker.orderHistory(for: nil, page: nil).orders.map(\.status) == [.cancelled])
        let again = await #expect(throws: BrokerError.self) { try await broker.cancel(.venue("V1"), symbol: "BTCUSDT") }
        #expect(again?.venueCode == "-2011")
    }

    @Test func unknownOrdersAreUnknown() async throws {
        let query = await #expect(throws: BrokerError.self) { try await broker.order(.client("x"), symbol: "BTCUSDT") }
        #expect(query?.venueCode == "-2013")
        let results = try await broker.cancel([.client("x")], symbol: "BTCUSDT")
        #expect(results.map { (try? $0.result.get()) == nil } == [true])
    }

    @Test func errorsAndAnswersCanBeSetAndTakenBack() async throws {
        broker.fail(.balances, with: BrokerError(code: .timeout, message: "no answer", delivery: .maybeSent))
        await #expect(throws: BrokerError.self) { try await broker.balances() }
        #expect(broker.callCount(of: .balances) == 1)
        broker.fail(.balances, with: nil)
        broker.update { $0.balances = [Balance(asset: "BTC", free: 1)] }
        #expect(try await broker.balances() == [Balance(asset: "BTC", free: 1)])
        broker.update { $0.missingTickers = ["B"] }
        #expect(try await broker.tickers(for: ["A", "B", "C"]).map(\.symbol) == ["A", "C"])
    }

    @Test func aCapabilityThatIsLeftOutIsLacked() async throws {
        let poor = DeterministicBroker(capabilities: [])
        let error = await #expect(throws: BrokerError.self) { try await poor.tickers(for: ["A"]) }
        #expect(error?.code == .unsupported)
    }
}
