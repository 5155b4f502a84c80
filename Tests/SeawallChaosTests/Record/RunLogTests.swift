import SeawallTime
import Testing

@testable import SeawallChaos

@Suite struct RunLogTests {
    private let time = ManualTime()

    /// FNV-1a as it is defined, of a text.
    private func hash(_ text: String) -> UInt64 {
        text.utf8.reduce(14_695_981_039_346_656_037) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
    }

    private func listen(_ log: RunLog) -> Lines {
        let lines = Lines()
        log.onLine { lines.add($0) }
        return lines
    }

    @Test func theHashIsThatOfTheDefinition() {
        #expect(hash("") == 0xcbf2_9ce4_8422_2325)
        #expect(hash("a") == 0xaf63_dc4c_8601_ec8c)
        #expect(RunLog(time: time).hash == hash(""))
    }

    @Test func theLastLineTellsOfAllBefore() throws {
        let log = RunLog(time: time)
        let lines = listen(log)
        log.append(.crash)
        log.append(.result(ResultRecord(call: "c1", answer: .accepted)))
        let before = lines.all.map { $0 + "\n" }.joined()
        #expect(log.hash == hash(before))
        log.end()
        let last = try #require(lines.all.last)
        #expect(last.hasSuffix(#""kind":"end","lines":2,"hash":"\#(RunLog.text(of: hash(before)))"}"#))
        #expect(log.lineCount == 3)
        #expect(log.hash == hash(before + last + "\n"))
    }

    @Test func afterTheEndNothingIsWritten() {
        let log = RunLog(time: time)
        let lines = listen(log)
        log.end()
        let hash = log.hash
        log.append(.crash)
        log.end()
        #expect(lines.all.count == 1)
        #expect(log.lineCount == 1)
        #expect(log.hash == hash)
    }

    @Test func theHashIsTheSameWhetherSomebodyListensOrNot() {
        let heard = RunLog(time: time)
        _ = listen(heard)
        let unheard = RunLog(time: time)
        for log in [heard, unheard] {
            log.append(.crash)
            log.append(.restart)
            log.end()
        }
        #expect(heard.hash == unheard.hash)
    }

    @Test func aRestartBeginsTheNextBoot() {
        let log = RunLog(time: time)
        let boots = Lines()
        log.onRecord { boots.add("\($0.boot)") }
        log.append(.crash)
        log.append(.restart)
        log.append(.crash)
        log.append(.restart)
        #expect(boots.all == ["0", "1", "1", "2"])
    }

    @Test func linesCarryTheTimeOfTheClock() {
        let log = RunLog(time: time)
        let lines = listen(log)
        log.append(.crash)
        time.advance(by: .milliseconds(250))
        log.append(.restart)
        #expect(lines.all.map { $0.prefix(16) } == [#"{"t":0.000000000"#, #"{"t":0.250000000"#])
    }

    @Test func whoListensLaterHearsWhatComesLater() {
        let log = RunLog(time: time)
        log.append(.crash)
        let lines = listen(log)
        log.append(.restart)
        #expect(lines.all.count == 1)
    }
}

/// Texts that came, in order.
final class Lines: Sendable {
    private let storage = Lock<[String]>([])

    var all: [String] { storage.withLock { $0 } }
    func add(_ line: String) { storage.withLock { $0.append(line) } }
}
