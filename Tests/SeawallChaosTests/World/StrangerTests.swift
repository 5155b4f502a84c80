import Foundation
import SeawallBroker
import SeawallRateLimit
import SeawallTime
import Testing

@testable import Seawall
@testable import SeawallChaos

/// The stranger's program accuses a run of what was planted in it, and of nothing else.
@Suite(.enabled(if: Stranger.python != nil, "skipped: no python3 here to judge logs from outside"))
struct StrangerTests {
    @Test func eachPlantedDefectIsFoundInItsLogAlone() throws {
        let stranger = try Stranger()
        defer { stranger.leave() }
        for defect in LoggedDefect.all {
            let lines = Lines()
            try defect.run { lines.add($0) }
            try stranger.hand(lines.all, as: defect.name)
        }
        let verdicts = try stranger.judge()
        for defect in LoggedDefect.all {
            let broken = try #require(verdicts[defect.name], "\(defect.name): \(verdicts)")
            #expect(broken == Set(defect.promises.map(\.rawValue)), "\(defect.name)")
        }
        // Of each promise that one run can show, one log at least breaks it.
        let planted = Set(LoggedDefect.all.flatMap(\.promises))
        #expect(planted == Set(Promise.allCases).subtracting([.sameSeedSameBytes]))
    }
}

/// The program that judges logs, and a place for them.
private struct Stranger {
    static let python = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        .map { "\($0)/python3" }.first { FileManager.default.isExecutableFile(atPath: $0) }

    private let folder: URL

    init() throws {
        let name = "seawall-stranger-\(ProcessInfo.processInfo.processIdentifier)"
        folder = FileManager.default.temporaryDirectory.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    func leave() { try? FileManager.default.removeItem(at: folder) }

    func hand(_ lines: [String], as name: String) throws {
        let text = lines.map { $0 + "\n" }.joined()
        try Data(text.utf8).write(to: folder.appendingPathComponent("\(name).jsonl"))
    }

    /// By log, the promises that are said to be broken; empty where a log is said to be no log.
    func judge() throws -> [String: Set<String>] {
        let program = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent(".ci/judge.py")
        let logs = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(Self.python))
        process.arguments = [program.path] + logs
        process.currentDirectoryURL = folder
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let said = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        let complaints = String(decoding: try errors.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        #expect(complaints.isEmpty, "\(complaints)")
        #expect(process.terminationStatus == 1, "\(said)")
        var verdicts: [String: Set<String>] = [:]
        var log = ""
        for line in said.split(separator: "\n") {
            let words = line.split(separator: " ")
            if !line.hasPrefix(" "), let name = words.first, name.hasSuffix(".jsonl:") {
                log = String(name.dropLast(7))
                verdicts[log] = []
            } else if words.count > 1, words[1] == "BROKEN" {
                verdicts[log]?.insert(String(words[0]))
            }
        }
        return verdicts
    }
}

/// A run with a defect, whose every line is heard.
private struct LoggedDefect: Sendable {
    typealias Ear = @Sendable (String) -> Void

    /// The name of its log.
    var name: String
    var promises: [Promise]
    var run: @Sendable (@escaping Ear) throws -> Void

    static let all: [LoggedDefect] = [
        road("fresh-name", [.oneOrderPerIntent, .nothingUnproven], lostReply, wish) {
            ResubmittingGuard(base: $0.edge)
        },
        road("believed-flag", [.reduceOnlyHolds], Road(position: 1), flip) { BelievingGuard(bench: $0) },
        road("hammering", [.nothingIntoABan], limited, readTwice) { HammeringGuard(base: $0.edge) },
        road("bursting", [.windowsHold], narrow, crowd) { BurstingGuard(bench: $0, rule: rule) },
        road("queueing", [.cancelsGetThrough], Road(), cancelInACrowd) { QueueingGuard(bench: $0) },
        keeper("never-synced", [.latchIsDurable], .neverSyncs),
        keeper("swept-twice", [.tripActsOnce], .sweepsTwice),
        keeper("never-swept", [.tripActsOnce], .neverSweeps),
        keeper("never-ended", [.tripActsOnce], .neverEndsItsSweep),
        road("hasty", [.nothingUnproven], lostRequest, wish) { HastyGuard(bench: $0, writesLedger: true) },
        road("forgotten-breaker", [.halfOpenEnds], Road(length: .seconds(300)), readOnce) {
            ForgottenBreaker(bench: $0)
        },
        keeper("told-twice", [.oneAlertPerEpisode], .alertsTwice),
        road("stuck-breaker", [.progress], Road(length: .seconds(900), healsAt: .seconds(5)), readOnce) {
            StuckBreaker(bench: $0)
        },
        sound,
    ]

    /// The layer in the place of what is wrong.
    private static let sound = LoggedDefect(name: "sound", promises: []) { ear in
        var road = lostReply
        road.onLine = ear
        _ = try road.run(.layer, bot: wish)
    }

    private static func road(
        _ name: String, _ promises: [Promise], _ road: Road,
        _ bot: @escaping @Sendable (Road.Desk) async throws -> Void,
        _ guardian: @escaping @Sendable (Road.Workbench) -> any Broker
    ) -> LoggedDefect {
        LoggedDefect(name: name, promises: promises) { ear in
            var road = road
            road.onLine = ear
            _ = try road.run(.defective(guardian), bot: bot)
        }
    }

    private static func keeper(_ name: String, _ promises: [Promise], _ defect: KeeperDefect) -> LoggedDefect {
        LoggedDefect(name: name, promises: promises) { ear in
            var road = KeeperRoad(seed: 1, defect: defect, length: .seconds(400), afterwards: .seconds(250))
            road.onLine = ear
            _ = try road.run()
        }
    }

    // MARK: Roads

    private static let lostReply = Road(faults: [
        FaultAction(.lostAfter(.reset(after: .milliseconds(50))), on: FaultMatch(operations: [.place]), times: 1)
    ])

    private static let lostRequest = Road(faults: [
        FaultAction(.lostBefore(.reset(after: .milliseconds(50))), on: FaultMatch(operations: [.place]), times: 1)
    ])

    private static let limited = Road(faults: [
        FaultAction(.rateLimited(retryAfter: "7"), on: FaultMatch(operations: [.ticker]), times: 1)
    ])

    private static let rule = LimitRule(
        name: "request_weight_1m", scope: .ip, counts: .weight, shape: .rolling, limit: 100, window: .seconds(10))

    private static let narrow: Road = {
        var road = Road()
        road.profile.limits = [rule]
        road.profile.costs = [.time: [rule.name: 1], .balances: [rule.name: 1]]
        road.profile.costsWithoutSymbol = [:]
        road.profile.usageHeaders = [:]
        return road
    }()

    // MARK: Bots

    private static let wish: @Sendable (Road.Desk) async throws -> Void = { desk in
        for _ in 0..<2 {
            _ = try? await desk.broker.place(.resting(.buy, 1, intent: "wish"))
            try await desk.time.sleep(for: .seconds(40))
        }
    }

    private static let flip: @Sendable (Road.Desk) async throws -> Void = { desk in
        try desk.pause()
        var order = OrderRequest.resting(.sell, 2, intent: "close")
        order.isReduceOnly = true
        _ = try? await desk.broker.place(order)
    }

    private static let readTwice: @Sendable (Road.Desk) async throws -> Void = { desk in
        _ = try? await desk.broker.ticker(for: VenueWorld.symbol)
        _ = try? await desk.broker.balances()
    }

    private static let readOnce: @Sendable (Road.Desk) async throws -> Void = { desk in
        _ = try? await desk.broker.balances()
        try await desk.time.sleep(for: .seconds(899))
    }

    private static let crowd: @Sendable (Road.Desk) async throws -> Void = { desk in
        try await desk.time.sleep(for: .seconds(33))
        await withTaskGroup { group in
            for _ in 0..<160 { group.addTask { _ = try? await desk.broker.balances() } }
        }
    }

    private static let cancelInACrowd: @Sendable (Road.Desk) async throws -> Void = { desk in
        let first = try await desk.broker.place(.resting(.buy, 1, intent: "first"))
        let target: OrderTarget = .venue(try #require(first.venueID))
        await withTaskGroup { group in
            for number in 0..<260 {
                group.addTask {
                    let amount = Decimal(sign: .plus, exponent: -3, significand: 1)
                    var order = OrderRequest.resting(.buy, amount, intent: IntentID("crowd\(number)"))
                    order.sendWithin = .seconds(60)
                    _ = try? await desk.broker.place(order)
                }
            }
            group.addTask {
                try? await desk.time.sleep(for: .milliseconds(5))
                _ = try? await desk.broker.cancel(target, symbol: VenueWorld.symbol)
            }
        }
    }
}

/// Opens the breaker of orders, and never lets it go on.
private struct StuckBreaker: InterceptingBroker {
    let bench: Road.Workbench

    var base: any Broker { bench.edge }

    func intercept<Answer: Sendable>(
        _ call: BrokerCall, _ proceed: @Sendable () async throws -> Answer
    ) async throws -> Answer {
        bench.move(to: .open)
        return try await proceed()
    }
}
