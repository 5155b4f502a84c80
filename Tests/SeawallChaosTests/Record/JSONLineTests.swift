import SeawallTime
import Testing

@testable import SeawallChaos

@Suite struct JSONLineTests {
    private func text(_ write: (inout JSONLine) -> Void) -> String {
        var line = JSONLine()
        line.open()
        write(&line)
        line.close()
        return line.text
    }

    @Test func whatJSONReservesIsEscaped() {
        #expect(text { $0.add("k", "a\"b\\c\n\r\t\u{1}\u{1f}/ü€") } == #"{"k":"a\"b\\c\n\r\t\u0001\u001f/ü€"}"#)
    }

    @Test func aLineForgetsTheOneBefore() {
        var line = JSONLine()
        for number in [1, 22] {
            line.open()
            line.add("n", number)
            line.close()
        }
        #expect(line.text == #"{"n":22}"#)
    }

    @Test(arguments: [
        (0, "0.000000000"), (1, "0.000000001"), (-1, "-0.000000001"), (999_999_999, "0.999999999"),
        (12_000_000_034, "12.000000034"), (-1_500_000_000, "-1.500000000"), (Int64.max - 1, "9223372036.854775806"),
        (Int64.min, "-9223372036.854775808"),
    ])
    func secondsAreExact(_ nanoseconds: Int64, _ expected: String) {
        #expect(text { $0.add("t", MonotonicInstant(nanoseconds: nanoseconds)) } == #"{"t":\#(expected)}"#)
    }

    @Test(arguments: [0, 7, 10, -10, Int.max, Int.min])
    func numbersAreWhole(_ number: Int) {
        #expect(text { $0.add("n", number) } == #"{"n":\#(number)}"#)
    }

    @Test func emptyListsAndObjectsAreWritten() {
        let written = text { line in
            line.add("a", [String]())
            line.add("b", object: [String: Int]()) { $0.append($1) }
            line.add("c", array: [Int]()) { $0.add("n", $1) }
            line.add("d", String?.none)
        }
        #expect(written == #"{"a":[],"b":{},"c":[],"d":null}"#)
    }

    @Test func objectsAreWrittenInTheOrderOfTheirNames() {
        let names = (0..<50).map { "n\($0)" }
        let object = Dictionary(uniqueKeysWithValues: names.map { ($0, 1) })
        let expected = names.sorted().map { "\"\($0)\":1" }.joined(separator: ",")
        #expect(text { $0.add("o", object: object) { $0.append($1) } } == "{\"o\":{\(expected)}}")
    }
}
