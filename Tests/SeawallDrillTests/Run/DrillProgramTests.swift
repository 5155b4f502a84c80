import Seawall
import SeawallChaos
import Testing

@testable import seawall_drill

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct DrillProgramTests {
    private static let header = "open_time,open,high,low,close,volume\n"

    private struct Printed: Decodable {
        struct Promise: Decodable {
            var kept: Bool?
            var checked: Int
            var minimum: Int
        }

        var seed: UInt64
        var scenario: String
        var venue: String
        var hours: Double
        var steps: Int
        var requests: Int
        var orders: Int
        var fills: Int
        var unknowns: Int
        var alerts: Int
        var promises: [String: Promise]
        var runs: [Printed]?
    }

    private func decoded(_ lines: [String]) throws -> Printed {
        #expect(lines.count == 1)
        return try JSONDecoder().decode(Printed.self, from: Data(lines.joined().utf8))
    }

    @Test func theListNamesAScenarioALine() {
        let (status, printed, complaints) = drill("--list")
        #expect(status == 0 && complaints.isEmpty)
        let names = printed.joined().split(separator: "\n").compactMap {
            $0.split(separator: " ").first.map(String.init)
        }
        #expect(
            names == ["calm", "busy", "paused", "killed"] + FaultPreset.all.map(\.name) + ["swarm"])
    }

    @Test func theHelpNamesEveryFlag() {
        let text = drill("--help").printed.joined()
        for flag in [
            "--candles", "--symbol", "--scenario", "--seed", "--seeds", "--shrink", "--hours", "--venue", "--log",
            "--metrics",
        ] {
            #expect(text.contains("  \(flag) "), "\(flag)")
        }
    }

    @Test func badInputIsOneLineAndStatusTwo() throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let bad = try folder.write("btc.csv", Self.header + "2023-03-10T00:00:00Z,1,1,2,1,1\n")
        let one = try folder.write("eth-1m.csv", Self.header + "2023-03-10T00:00:00Z,1,1,1,1,1\n")
        let unnamed = try folder.write("2023.csv", Self.header + "2023-03-10T00:00:00Z,1,1,1,1,1\n")
        let cases = [
            ["--speed"], ["--scenario", "x"], ["--seed", "x"], ["--hours", "x"], ["--venue", "x"],
            ["--candles", bad], ["--candles", folder.path], ["--candles", folder.file("none")], ["--candles", unnamed],
            ["--candles", one, "--candles", bad, "--symbol", "A", "--symbol", "a b"],
            ["--candles", one, "--hours", "1"], ["--scenario", "calm", "--log", folder.path],
            ["--metrics", folder.file("no/such")],
        ]
        for arguments in cases {
            let recording = RecordingConsole()
            #expect(DrillProgram(console: recording.console).run(arguments) == 2, "\(arguments)")
            #expect(recording.printed.isEmpty)
            #expect(recording.complaints.count == 1)
            #expect(recording.complaints.first?.isOneLine == true)
            #expect(recording.complaints.first?.contains("expected") == true, "\(recording.complaints)")
        }
    }

    @Test func aBadPathIsFoundBeforeAnythingRunsOrIsWritten() throws {
        let folder = try TemporaryFolder()
        let status = drill("--scenario", "calm", "--log", folder.file("a"), "--metrics", folder.path).status
        #expect(status == 2)
        #expect(try folder.text(of: "a").isEmpty)
    }

    @Test func oneScenarioPrintsOneObject() throws {
        let (status, printed, complaints) = drill(
            "--scenario", "paused", "--seed", "7", "--hours", "0.2", "--symbol", "BTCUSDT", "--format", "json")
        #expect(status == 0 && complaints.isEmpty, "\(complaints)")
        let object = try decoded(printed)
        #expect(
            object.seed == 7 && object.scenario == "paused" && object.venue == "binance-usdm" && object.hours == 0.2)
        #expect(object.steps > 0 && object.requests > 0 && object.orders > 0)
        #expect(object.promises.keys.sorted() == Promise.allCases.map(\.rawValue).sorted())
        #expect(object.promises["P2"]?.kept == true)
        #expect(object.promises["P2"].map { $0.checked >= $0.minimum && $0.minimum > 0 } == true)
        #expect(object.promises["P1"]?.kept == nil)
        #expect(object.promises["P11"]?.kept == true && object.promises["P11"]?.checked == 1)
    }

    @Test(arguments: VenueProfile.all.map(\.name))
    func theBotComesInAndOutAtEveryVenue(_ venue: String) throws {
        let folder = try TemporaryFolder()
        _ = drill(
            "--scenario", "calm", "--hours", "0.1", "--symbol", "BTC-USD", "--venue", venue, "--log", folder.file("log")
        )
        let log = try folder.text(of: "log")
        #expect(log.contains("-exit\""))
    }

    @Test func whatIsNotTriedOftenEnoughIsStatusOneWithTheLineThatShowsItAgain() throws {
        let (status, printed, complaints) = drill(
            "--scenario", "lost-after", "--seed", "3", "--hours", "0.001", "--symbol", "BTCUSDT")
        #expect(status == 1)
        #expect(printed.contains { $0.contains("P1") && $0.contains("not tried") })
        let complaint = try #require(complaints.first)
        #expect(complaint.contains("lost-after, seed 3: P1 not tried: 0 tests of at least 1"))
        #expect(complaint.contains("seawall-drill --scenario lost-after --seed 3 --hours 0.001 --venue binance-usdm"))
        #expect(complaint.contains("--symbol BTCUSDT"))
    }

    @Test func recordedCandlesAreReplayedToTheirEnd() throws {
        let folder = try TemporaryFolder()
        var text = Self.header
        for minute in 0..<12 { text += "\(1_678_406_400 + minute * 60),100,101,99,100.5,50\n" }
        let path = try folder.write("abc-usd-1m.csv", text)
        let result = drill(
            "--scenario", "calm", "--candles", path, "--format", "json", "--log", folder.file("log"), "--metrics",
            folder.file("prom"))
        #expect(result.status == 0, "\(result.complaints)")
        #expect(try decoded(result.printed).hours == 0.2)
        let log = try folder.text(of: "log")
        #expect(log.hasPrefix("{\"t\":0.000000000,\"boot\":0,\"kind\":\"run\""))
        #expect(log.contains("\"symbols\":[\"ABC-USD\"]"))
        #expect(try folder.text(of: "prom").contains("# TYPE seawall_operation_successes_total counter\n"))
    }

    @Test func aLogIsWholeAndItsHashIsThatOfItsLines() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("run.jsonl")
        _ = drill("--scenario", "mix", "--hours", "0.02", "--format", "json", "--log", path)
        let lines = try folder.text(of: "run.jsonl").split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.last?.isEmpty == true)
        let body = lines.dropLast(2)
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for line in body {
            for byte in Array(line.utf8) + [0x0a] { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        }
        struct End: Decodable {
            var kind: String
            var lines: Int
            var hash: String
        }
        let end = try JSONDecoder().decode(End.self, from: Data(lines[lines.count - 2].utf8))
        #expect(end.kind == "end" && end.lines == body.count)
        #expect(UInt64(end.hash, radix: 16) == hash)
        #expect(body.count > 20)
    }

    @Test func theSameSeedLeavesTheSameBytesAndAnotherSeedOthers() throws {
        let folder = try TemporaryFolder()
        for (name, seed) in [("a", "5"), ("b", "5"), ("c", "6")] {
            _ = drill(
                "--scenario", "mix", "--seed", seed, "--hours", "0.02", "--format", "json", "--log", folder.file(name))
        }
        #expect(try folder.text(of: "a") == folder.text(of: "b"))
        #expect(try folder.text(of: "a") != folder.text(of: "c"))
    }

    @Test func everyScenarioHasAFileOfItsOwn() throws {
        let folder = try TemporaryFolder()
        let (_, printed, _) = drill(
            "--hours", "0.001", "--symbol", "BTCUSDT", "--format", "json", "--log", folder.file("run.x.jsonl"))
        for scenario in Scenario.all {
            #expect(try folder.text(of: "run.x.\(scenario.name).jsonl").contains("\"scenario\":\"\(scenario.name)\""))
        }
        #expect(!folder.exists("run.x.jsonl"))
        let object = try decoded(printed)
        #expect(object.scenario == "all")
        #expect(object.runs?.map(\.scenario) == Scenario.all.map(\.name))
        #expect(object.steps == object.runs?.map(\.steps).reduce(0, +))
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
    func aLogThatCannotBeWrittenToTheEndIsStatusOne() {
        let (status, _, complaints) = drill("--scenario", "calm", "--hours", "0.02", "--log", "/dev/full")
        #expect(status == 1)
        #expect(complaints.contains { $0.contains("/dev/full") && $0.contains("not whole") })
    }
}
