import Seawall

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Reads a file of candles from its bytes; the first thing that is wrong ends it, with file, line and value.
struct CandleParser {
    /// The longest hole that is filled: a week.
    static let mostMissing: Int64 = 10_080

    /// The most minutes of one file, holes counted: ten years.
    static let mostMinutes = 5_256_000

    private static let minute: Int64 = 60_000_000_000
    private static let zero = Decimal(0)

    /// The file's name in errors.
    private let file: String
    private var lineNumber = 0
    private var lastTime: CivilInstant?
    private var recorded = RecordedCandles()

    private init(file: String) { self.file = file }

    /// The candles in `bytes`.
    ///
    /// - Throws: `BadInput`, one line that names file, line, value and what was expected.
    static func candles(in bytes: [UInt8], file: String) throws(BadInput) -> RecordedCandles {
        var parser = CandleParser(file: BadInput.quoted(file))
        return try parser.parse(bytes)
    }

    private var place: String { "\(file) line \(lineNumber)" }

    private mutating func parse(_ bytes: [UInt8]) throws(BadInput) -> RecordedCandles {
        guard !bytes.isEmpty else {
            throw BadInput("\(file) line 1: is empty, expected a header line and at least one candle")
        }
        var layout: CandleLayout?
        var rest = bytes[...]
        // The mark with which some programs begin a text in UTF-8.
        if rest.starts(with: [0xef, 0xbb, 0xbf]) { rest = rest.dropFirst(3) }
        while !rest.isEmpty {
            lineNumber += 1
            let end = rest.firstIndex(of: 0x0a) ?? rest.endIndex
            var line = rest[rest.startIndex..<end]
            rest = rest[end...].dropFirst()
            if line.last == 0x0d { line = line.dropLast() }
            let fields = try fields(of: line)
            if let layout {
                try take(fields, layout)
            } else {
                let read = try CandleLayout(firstLine: fields, at: place)
                layout = read
                if !read.hasHeader { try take(fields, read) }
            }
        }
        guard !recorded.candles.isEmpty else {
            throw BadInput("\(file) line \(lineNumber + 1): is missing, expected at least one candle below the header")
        }
        return recorded
    }

    private func fields(of line: ArraySlice<UInt8>) throws(BadInput) -> [String] {
        if let byte = line.first(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7f }) {
            throw BadInput("\(place): holds the byte \(byte), expected text of comma-separated values, no binary data")
        }
        guard !line.isEmpty else { throw BadInput("\(place): is empty, expected comma-separated values") }
        if line.contains(where: { $0 >= 0x80 }), String(validating: line, as: UTF8.self) == nil {
            throw BadInput("\(place): is no UTF-8, expected text of comma-separated values, no binary data")
        }
        return line.split(separator: 0x2c, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
    }

    private mutating func take(_ fields: [String], _ layout: CandleLayout) throws(BadInput) {
        guard fields.count == layout.fieldCount else {
            throw BadInput("\(place): has \(fields.count) values, expected \(layout.fieldCount) as in line 1")
        }
        let values = layout.places.map { fields[$0] }
        let time = try openTime(values[0])
        let candle = Candle(
            openTime: time, open: try price(values[1], "open"), high: try price(values[2], "high"),
            low: try price(values[3], "low"), close: try price(values[4], "close"), volume: try volume(values[5]))
        guard candle.high >= candle.low else {
            throw BadInput("\(place): high is \(values[2]), expected no less than low, \(values[3])")
        }
        for (name, number, text) in [("open", candle.open, values[1]), ("close", candle.close, values[4])]
        where number < candle.low || number > candle.high {
            throw BadInput("\(place): \(name) is \(text), expected from low, \(values[3]), to high, \(values[2])")
        }
        try fill(upTo: time, values[0])
        note(candle, values)
        recorded.candles.append(candle)
        lastTime = time
    }

    private func openTime(_ text: String) throws(BadInput) -> CivilInstant {
        guard let time = CandleTime.instant(text) else {
            throw BadInput("\(place): open_time is \(BadInput.quoted(text)), expected \(CandleTime.expected)")
        }
        if let lastTime, time <= lastTime {
            throw BadInput(
                "\(place): open_time is \(BadInput.quoted(text)), expected later than that of the candle before, "
                    + "\(lastTime)")
        }
        return time
    }

    private func price(_ text: String, _ name: String) throws(BadInput) -> Decimal {
        guard let number = CandleNumber.decimal(text), number > Self.zero else {
            throw BadInput("\(place): \(name) is \(BadInput.quoted(text)), expected a decimal number above 0")
        }
        return number
    }

    private func volume(_ text: String) throws(BadInput) -> Decimal {
        guard let number = CandleNumber.decimal(text), number >= Self.zero else {
            throw BadInput("\(place): volume is \(BadInput.quoted(text)), expected a decimal number of 0 or more")
        }
        return number
    }

    /// Puts a candle without volume at the last close into every minute that the file lacks before `time`.
    private mutating func fill(upTo time: CivilInstant, _ text: String) throws(BadInput) {
        guard let lastTime, let last = recorded.candles.last else { return }
        let distance = lastTime.duration(to: time).wholeNanoseconds
        let (minutes, rest) = distance.quotientAndRemainder(dividingBy: Self.minute)
        guard rest == 0 else {
            throw BadInput(
                "\(place): open_time is \(BadInput.quoted(text)), expected whole minutes after that of the candle "
                    + "before, \(lastTime)")
        }
        guard minutes - 1 <= Self.mostMissing, recorded.candles.count < Self.mostMinutes - Int(minutes) else {
            throw BadInput(
                "\(place): open_time is \(BadInput.quoted(text)), \(minutes) minutes after that of the candle before, "
                    + "expected at most \(Self.mostMissing + 1), and \(Self.mostMinutes) in all")
        }
        var open = lastTime
        for _ in 1..<minutes {
            open = open.advanced(by: .seconds(60))
            recorded.candles.append(
                Candle(
                    openTime: open, open: last.close, high: last.close, low: last.close, close: last.close,
                    volume: Self.zero))
            recorded.filled += 1
        }
    }

    private mutating func note(_ candle: Candle, _ values: [String]) {
        for text in values[1...4] {
            recorded.priceDigits = max(recorded.priceDigits, CandleNumber.fractionDigits(text))
        }
        if recorded.lowest.map({ candle.low < $0.value }) ?? true {
            recorded.lowest = RecordedCandles.Extreme(value: candle.low, line: lineNumber)
        }
        if recorded.highest.map({ candle.high > $0.value }) ?? true {
            recorded.highest = RecordedCandles.Extreme(value: candle.high, line: lineNumber)
        }
        if recorded.largest.map({ candle.volume > $0.value }) ?? true {
            recorded.largest = RecordedCandles.Extreme(value: candle.volume, line: lineNumber)
        }
    }
}
