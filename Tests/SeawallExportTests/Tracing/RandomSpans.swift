import SeawallTime

@testable import SeawallMetrics

/// Spans with whatever a bot may put into them.
enum RandomSpans {
    private static let texts = [
        "", "plain", "\"quoted\" \\ back", "line\nfeed\r\ttab", "nul \0 and \u{1} \u{1f} \u{7f}",
        "é ü \u{2028}\u{2029}",
        "😀\u{200d}🔧", "\u{fffd}\u{feff}", "</script>", "{\"a\":1}", "\u{10ffff}",
    ]
    private static let numbers = [
        0.0, -0.0, 0.1, -1.5e-7, 1e21, .leastNonzeroMagnitude, .greatestFiniteMagnitude, .infinity, -.infinity, .nan,
        1 / 3,
        123_456_789.123,
    ]
    private static let wholes = [0, 1, -1, .max, .min, 1 << 53 + 1]

    static func span(_ generator: inout SeededGenerator) -> FinishedSpan {
        var span = FinishedSpan.example(
            text(&generator), span: max(1, generator.next()), parent: generator.chance(0.5) ? generator.next() : nil,
            attributes: attributes(&generator))
        span.context.traceHigh = generator.next()
        span.began = CivilInstant(nanosecondsSinceEpoch: Int64(generator.below(UInt64(Int64.max))))
        span.duration = .nanoseconds(Int64(generator.below(1 << 50)))
        span.droppedAttributes = Int(generator.below(3))
        span.droppedEvents = Int(generator.below(3))
        for _ in 0..<generator.below(4) {
            span.events.append(
                FinishedSpan.Event(
                    name: text(&generator), at: span.began.advanced(by: .nanoseconds(Int64(generator.below(1_000)))),
                    attributes: attributes(&generator), droppedAttributes: Int(generator.below(2))))
        }
        span.status = [.unset, .ok, .error(text(&generator))][Int(generator.below(3))]
        return span
    }

    private static func text(_ generator: inout SeededGenerator) -> String { pick(texts, &generator) }

    private static func attributes(_ generator: inout SeededGenerator) -> [String: TraceValue] {
        var attributes: [String: TraceValue] = [:]
        for _ in 0..<generator.below(6) {
            let value: TraceValue =
                switch generator.below(4) {
                case 0: .text(text(&generator))
                case 1: .whole(pick(wholes, &generator))
                case 2: .number(pick(numbers, &generator))
                default: .flag(generator.chance(0.5))
                }
            attributes[text(&generator) + "\(generator.below(9))"] = value
        }
        return attributes
    }

    private static func pick<Element>(_ all: [Element], _ generator: inout SeededGenerator) -> Element {
        all[Int(generator.below(UInt64(all.count)))]
    }
}
