/// A strict reader of Prometheus' text format 0.0.4, written from its description and sharing nothing with the writer.
struct ExpositionParser {
    struct Sample: Equatable {
        var name: String
        var labels: [String: String]
        var valueText: String
        var value: Double
    }

    struct Family: Equatable {
        var name: String
        var help: String
        var kind: String
        var samples: [Sample]
    }

    struct Malformed: Error, CustomStringConvertible {
        var line: Int
        var reason: String
        var description: String { "line \(line): \(reason)" }
    }

    private var lineNumber = 0
    private var families: [Family] = []
    private var seen: Set<String> = []

    static func parse(_ text: String) throws -> [Family] {
        var parser = ExpositionParser()
        return try parser.run(text)
    }

    private mutating func run(_ text: String) throws -> [Family] {
        var lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map(Array.init)
        guard lines.popLast()?.isEmpty == true else { throw malformed("the last line does not end") }
        for line in lines {
            lineNumber += 1
            if line.first == "#" { try readComment(line) } else { try readSample(line) }
        }
        for family in families where family.kind == "histogram" { try checkHistogram(family) }
        return families
    }

    private mutating func readComment(_ line: [Unicode.Scalar]) throws {
        let parts = line.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false).map(text)
        guard parts.count == 4, parts[0] == "#", isName(parts[2], colon: true) else { throw malformed("comment") }
        switch parts[1] {
        case "HELP":
            if families.contains(where: { $0.name == parts[2] }) { throw malformed("second HELP of \(parts[2])") }
            let help = try unescape(Array(parts[3].unicodeScalars), escapes: ["\\": "\\", "n": "\n"])
            families.append(Family(name: parts[2], help: help, kind: "", samples: []))
        case "TYPE":
            guard let last = families.indices.last, families[last].name == parts[2], families[last].kind.isEmpty,
                ["counter", "gauge", "histogram"].contains(parts[3])
            else { throw malformed("TYPE") }
            families[last].kind = parts[3]
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
        let valueText = text(rest.dropFirst())
        guard let value = number(valueText) else { throw malformed("value \(valueText)") }
        guard let last = families.indices.last, !families[last].kind.isEmpty else { throw malformed("no TYPE") }
        let family = families[last]
        let suffixes = family.kind == "histogram" ? ["_bucket", "_sum", "_count"] : [""]
        guard suffixes.contains(where: { family.name + $0 == name }) else { throw malformed("\(name) out of place") }
        let sample = Sample(name: name, labels: labels, valueText: valueText, value: value)
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

    private func checkHistogram(_ family: Family) throws {
        func others(_ sample: Sample) -> [String: String] { sample.labels.filter { $0.key != "le" } }
        for total in family.samples where total.name == family.name + "_count" {
            let mine = family.samples.filter { others($0) == total.labels }
            let buckets = mine.filter { $0.name == family.name + "_bucket" }
            guard mine.count == buckets.count + 2 else { throw malformed("histogram is not whole") }
            let bounds = buckets.map { number($0.labels["le"] ?? "") ?? .nan }
            guard zip(bounds, bounds.dropFirst()).allSatisfy({ $0 < $1 }), bounds.last == .infinity else {
                throw malformed("bounds \(bounds)")
            }
            let counts = buckets.map(\.value)
            guard zip(counts, counts.dropFirst()).allSatisfy({ $0 <= $1 }), counts.last == total.value else {
                throw malformed("buckets \(counts), count \(total.value)")
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
