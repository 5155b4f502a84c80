/// A strict reader of Prometheus' text format 0.0.4 and of OpenMetrics 1.0, written from their descriptions and sharing
/// nothing with the writer.
package struct ExpositionParser {
    package struct Sample: Equatable {
        package var name: String
        package var labels: [String: String]
        package var valueText: String
        package var value: Double
        package var exemplar: Exemplar?
    }

    package struct Exemplar: Equatable {
        package var labels: [String: String]
        package var value: Double
        package var time: Double?
    }

    package struct Family: Equatable {
        package var name: String
        package var help: String
        package var kind: String
        package var unit: String?
        package var samples: [Sample]
    }

    package struct Malformed: Error, CustomStringConvertible {
        package var line: Int
        package var reason: String
        package var description: String { "line \(line): \(reason)" }
    }

    private var lineNumber = 0
    private var families: [Family] = []
    private var seen: Set<String> = []
    private let isOpen: Bool

    private init(isOpen: Bool) { self.isOpen = isOpen }

    package static func parse(_ text: String) throws -> [Family] {
        var parser = ExpositionParser(isOpen: false)
        return try parser.run(text)
    }

    package static func parseOpenMetrics(_ text: String) throws -> [Family] {
        var parser = ExpositionParser(isOpen: true)
        return try parser.run(text)
    }

    private mutating func run(_ text: String) throws -> [Family] {
        var lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map(Array.init)
        guard lines.popLast()?.isEmpty == true else { throw malformed("the last line does not end") }
        if isOpen {
            guard lines.popLast().map(self.text) == "# EOF" else { throw malformed("no EOF at the end") }
        }
        for line in lines {
            lineNumber += 1
            if line.first == "#" { try readComment(line) } else { try readSample(line) }
        }
        for family in families { try check(family) }
        return families
    }

    private mutating func readComment(_ line: [Unicode.Scalar]) throws {
        let parts = line.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false).map(text)
        guard parts.count == 4, parts[0] == "#", isName(parts[2], colon: true) else { throw malformed("comment") }
        switch parts[1] {
        case "HELP":
            if families.contains(where: { $0.name == parts[2] }) { throw malformed("second HELP of \(parts[2])") }
            if isOpen, hasBareQuote(parts[3]) { throw malformed("quote in HELP") }
            let escapes: [Unicode.Scalar: Unicode.Scalar] = ["\\": "\\", "n": "\n"]
            let help = try unescape(
                Array(parts[3].unicodeScalars), escapes: isOpen ? escapes.merging(["\"": "\""]) { $1 } : escapes)
            families.append(Family(name: parts[2], help: help, kind: "", samples: []))
        case "TYPE":
            guard let last = families.indices.last, families[last].name == parts[2], families[last].kind.isEmpty,
                (["counter", "gauge", "histogram"] + (isOpen ? ["info", "stateset"] : [])).contains(parts[3])
            else { throw malformed("TYPE") }
            families[last].kind = parts[3]
        case "UNIT" where isOpen:
            guard let last = families.indices.last, families[last].name == parts[2], families[last].unit == nil,
                families[last].samples.isEmpty, parts[2].hasSuffix("_" + parts[3]),
                !["info", "stateset"].contains(families[last].kind)
            else { throw malformed("UNIT") }
            families[last].unit = parts[3]
        default:
            throw malformed("comment \(parts[1])")
        }
    }

    private mutating func readSample(_ line: [Unicode.Scalar]) throws {
        var rest = line[...]
        let name = text(rest.prefix { $0 != "{" && $0 != " " })
        rest = rest.dropFirst(name.unicodeScalars.count)
        var labels: [String: String] = [:]
        if rest.first == "{" {
            repeat {
                rest = rest.dropFirst()
                let (label, value) = try readLabel(&rest)
                guard labels.updateValue(value, forKey: label) == nil else { throw malformed("label twice") }
            } while rest.first == ","
            guard rest.first == "}" else { throw malformed("labels do not end") }
            rest = rest.dropFirst()
        }
        guard rest.first == " " else { throw malformed("no space before the value") }
        rest = rest.dropFirst()
        let valueText = text(isOpen ? rest.prefix { $0 != " " } : rest)
        rest = rest.dropFirst(valueText.unicodeScalars.count)
        let exemplar = rest.isEmpty ? nil : try readExemplar(rest)
        guard let value = number(valueText) else { throw malformed("value \(valueText)") }
        guard let last = families.indices.last, !families[last].kind.isEmpty else { throw malformed("no TYPE") }
        let family = families[last]
        let suffixes = suffixes(of: family.kind)
        guard suffixes.contains(where: { family.name + $0 == name }) else { throw malformed("\(name) out of place") }
        let sample = Sample(name: name, labels: labels, valueText: valueText, value: value, exemplar: exemplar)
        if exemplar != nil, name != family.name + "_bucket", name != family.name + "_total" {
            throw malformed("exemplar of \(name)")
        }
        let identity = name + String(reflecting: labels.sorted { $0.key < $1.key }.map { [$0.key, $0.value] })
        guard seen.insert(identity).inserted else { throw malformed("series twice: \(identity)") }
        families[last].samples.append(sample)
    }

    private func readLabel(_ rest: inout ArraySlice<Unicode.Scalar>) throws -> (String, String) {
        let name = text(rest.prefix { $0 != "=" })
        rest = rest.dropFirst(name.unicodeScalars.count + 1)
        guard isName(name, colon: false), rest.first == "\"" else { throw malformed("label") }
        rest = rest.dropFirst()
        var value: [Unicode.Scalar] = []
        var isEscaped = false
        while let scalar = rest.popFirst() {
            if !isEscaped, scalar == "\"" {
                return (name, try unescape(value, escapes: ["\\": "\\", "n": "\n", "\"": "\""]))
            }
            isEscaped = !isEscaped && scalar == "\\"
            value.append(scalar)
        }
        throw malformed("label value does not end")
    }

    private func unescape(
        _ scalars: [Unicode.Scalar], escapes: [Unicode.Scalar: Unicode.Scalar]
    ) throws -> String {
        var result = String.UnicodeScalarView()
        var rest = scalars[...]
        while let scalar = rest.popFirst() {
            guard scalar == "\\" else {
                result.append(scalar)
                continue
            }
            guard let code = rest.popFirst(), let meant = escapes[code] else { throw malformed("escape") }
            result.append(meant)
        }
        return String(result)
    }

    private func suffixes(of kind: String) -> [String] {
        switch (kind, isOpen) {
        case ("counter", true): ["_total", "_created"]
        case ("histogram", true): ["_bucket", "_sum", "_count", "_created"]
        case ("histogram", false): ["_bucket", "_sum", "_count"]
        case ("info", _): ["_info"]
        default: [""]
        }
    }

    private func readExemplar(_ text: ArraySlice<Unicode.Scalar>) throws -> Exemplar {
        var rest = text
        for expected in " # {".unicodeScalars {
            guard rest.popFirst() == expected else { throw malformed("exemplar") }
        }
        var labels: [String: String] = [:]
        if rest.first != "}" {
            rest = [","] + rest
            repeat {
                rest = rest.dropFirst()
                let (label, value) = try readLabel(&rest)
                guard labels.updateValue(value, forKey: label) == nil else { throw malformed("label twice") }
            } while rest.first == ","
        }
        guard rest.popFirst() == "}", rest.popFirst() == " " else { throw malformed("exemplar's labels do not end") }
        let numbers = rest.split(separator: " ", omittingEmptySubsequences: false).map { number(self.text($0)) }
        guard (1...2).contains(numbers.count), let value = numbers[0] else { throw malformed("exemplar's value") }
        let length = labels.reduce(0) { $0 + $1.key.unicodeScalars.count + $1.value.unicodeScalars.count }
        guard length <= 128 else { throw malformed("exemplar of \(length) characters") }
        if numbers.count == 2, numbers[1]?.isFinite != true { throw malformed("exemplar's time") }
        return Exemplar(labels: labels, value: value, time: numbers.count == 2 ? numbers[1] : nil)
    }

    private func hasBareQuote(_ text: String) -> Bool {
        var isEscaped = false
        for scalar in text.unicodeScalars {
            if scalar == "\"", !isEscaped { return true }
            isEscaped = !isEscaped && scalar == "\\"
        }
        return false
    }

    private func check(_ family: Family) throws {
        switch family.kind {
        case "histogram": try checkHistogram(family)
        case "counter":
            guard family.samples.allSatisfy({ $0.value >= 0 }) else { throw malformed("counter under zero") }
        case "info":
            guard family.samples.allSatisfy({ $0.value == 1 }) else { throw malformed("info is not 1") }
        case "stateset":
            let sets = Dictionary(grouping: family.samples) { $0.labels.filter { $0.key != family.name } }
            for set in sets.values {
                guard set.map(\.value).sorted() == Array(repeating: 0, count: set.count - 1) + [1],
                    set.allSatisfy({ $0.labels[family.name] != nil })
                else { throw malformed("state set \(family.name)") }
            }
        default: break
        }
    }

    private func checkHistogram(_ family: Family) throws {
        func others(_ sample: Sample) -> [String: String] { sample.labels.filter { $0.key != "le" } }
        for (labels, samples) in Dictionary(grouping: family.samples, by: others) {
            let buckets = samples.filter { $0.name == family.name + "_bucket" }
            let bounds = buckets.map { number($0.labels["le"] ?? "") ?? .nan }
            guard zip(bounds, bounds.dropFirst()).allSatisfy({ $0 < $1 }), bounds.last == .infinity else {
                throw malformed("bounds \(bounds) of \(labels)")
            }
            if isOpen {
                let texts = buckets.dropLast().compactMap { $0.labels["le"] }
                guard texts.allSatisfy({ $0.contains(".") || $0.contains("e") }) else { throw malformed("le \(texts)") }
            }
            let counts = buckets.map(\.value)
            let rises = zip(counts, counts.dropFirst()).allSatisfy { $0 <= $1 }
            let total = samples.first { $0.name == family.name + "_count" }
            let sum = samples.first { $0.name == family.name + "_sum" }
            // OpenMetrics has neither where the sum may fall.
            let hasTotals = !(isOpen && (bounds.first ?? 0) < 0)
            guard rises, (total != nil) == hasTotals, (sum != nil) == hasTotals,
                total.map({ $0.value == counts.last }) ?? true
            else { throw malformed("buckets \(counts), count \(String(describing: total))") }
            for (index, bucket) in buckets.enumerated() {
                guard let exemplar = bucket.exemplar else { continue }
                guard exemplar.value <= bounds[index], index == 0 || exemplar.value > bounds[index - 1] else {
                    throw malformed("exemplar \(exemplar.value) under \(bounds[index])")
                }
            }
        }
    }

    private func number(_ text: String) -> Double? {
        switch text {
        case "NaN": return .nan
        case "+Inf": return .infinity
        case "-Inf": return -.infinity
        default:
            // Swift would also read "inf", "nan" and hexadecimal.
            guard text.unicodeScalars.allSatisfy({ "0123456789+-.e".unicodeScalars.contains($0) }) else { return nil }
            return Double(text)
        }
    }

    private func isName(_ name: String, colon: Bool) -> Bool {
        let letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_" + (colon ? ":" : "")
        guard let first = name.unicodeScalars.first, letters.unicodeScalars.contains(first) else { return false }
        return name.unicodeScalars.allSatisfy { (letters + "0123456789").unicodeScalars.contains($0) }
    }

    private func text(_ scalars: some Sequence<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    private func malformed(_ reason: String) -> Malformed { Malformed(line: lineNumber, reason: reason) }
}
