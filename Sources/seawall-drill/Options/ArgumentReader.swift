import Seawall
import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Goes through the arguments flag by flag and reads the value of each.
struct ArgumentReader {
    private var rest: ArraySlice<String>
    private var seen: Set<String> = []

    /// The value behind a `=`.
    private var attached: String?

    init(_ arguments: [String]) { rest = arguments[...] }

    private static let repeatable: Set<String> = ["--candles", "--symbol"]

    /// The next flag, or nil at the end.
    mutating func nextFlag() throws(BadInput) -> String? {
        guard let argument = rest.popFirst() else { return nil }
        guard argument.hasPrefix("-"), argument != "-", argument != "--" else {
            throw BadInput("argument \(BadInput.quoted(argument)), expected a flag; --help names them")
        }
        var flag = argument
        attached = nil
        if let equals = argument.firstIndex(of: "=") {
            flag = String(argument[..<equals])
            attached = String(argument[argument.index(after: equals)...])
        }
        if !seen.insert(flag).inserted, !Self.repeatable.contains(flag) {
            throw BadInput("\(BadInput.quoted(flag)) is given twice, expected it once")
        }
        return flag
    }

    /// True for a flag that takes no value.
    func isSet(_ flag: String) throws(BadInput) -> Bool {
        if let attached { throw BadInput("\(flag) is \(BadInput.quoted(attached)), expected no value") }
        return true
    }

    /// The value of a flag.
    private mutating func value(_ flag: String, _ expected: String) throws(BadInput) -> String {
        if let attached { return attached }
        guard let next = rest.first, !next.hasPrefix("--") else {
            throw BadInput("\(flag) has no value, expected \(expected)")
        }
        rest.removeFirst()
        return next
    }

    mutating func path(_ flag: String) throws(BadInput) -> String {
        let expected = "the path of a file"
        let path = try value(flag, expected)
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw BadInput("\(flag) is \(BadInput.quoted(path)), expected \(expected)")
        }
        return path
    }

    mutating func symbol(_ flag: String) throws(BadInput) -> String {
        let expected = "1 to 32 letters, digits, '-', '_', '.' or '/', such as BTCUSDT"
        let name = try value(flag, expected)
        guard Self.isSymbol(name) else { throw BadInput("\(flag) is \(BadInput.quoted(name)), expected \(expected)") }
        return name
    }

    /// True for a name that an order, a metric and a log line can carry.
    static func isSymbol(_ name: String) -> Bool {
        let isPlain = name.unicodeScalars.allSatisfy { scalar in
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "-", "_", ".", "/": true
            default: false
            }
        }
        return isPlain && (1...32).contains(name.count)
    }

    mutating func scenario(_ flag: String) throws(BadInput) -> String {
        let names = Scenario.all.map(\.name) + [DrillOptions.everyScenario]
        return try oneOf(names, flag)
    }

    mutating func venue(_ flag: String) throws(BadInput) -> String {
        let names = VenueProfile.all.map(\.name)
        let expected = "the path of a .json file or one of " + names.joined(separator: ", ")
        let name = try value(flag, expected)
        guard names.contains(name) || (name.hasSuffix(".json") && !name.utf8.contains(0)) else {
            throw BadInput("\(flag) is \(BadInput.quoted(name)), expected \(expected)")
        }
        return name
    }

    mutating func format(_ flag: String) throws(BadInput) -> DrillOptions.Format {
        let name = try oneOf(DrillOptions.Format.allCases.map(\.rawValue), flag)
        return DrillOptions.Format(rawValue: name) ?? .text
    }

    private mutating func oneOf(_ names: [String], _ flag: String) throws(BadInput) -> String {
        let expected = (names.count > 1 ? "one of " : "") + names.joined(separator: ", ")
        let name = try value(flag, expected)
        guard names.contains(name) else {
            throw BadInput("\(flag) is \(BadInput.quoted(name)), expected \(expected)")
        }
        return name
    }

    mutating func seed(_ flag: String) throws(BadInput) -> UInt64 {
        let expected = "a whole number from 0 to \(UInt64.max)"
        let text = try value(flag, expected)
        guard Self.isDigits(text), let seed = UInt64(text) else {
            throw BadInput("\(flag) is \(BadInput.quoted(text)), expected \(expected)")
        }
        return seed
    }

    mutating func seeds(_ flag: String) throws(BadInput) -> Int {
        let expected = "a whole number from 1 to \(DrillCommand.mostSeeds)"
        let text = try value(flag, expected)
        guard Self.isDigits(text), let count = Int(text), (1...DrillCommand.mostSeeds).contains(count) else {
            throw BadInput("\(flag) is \(BadInput.quoted(text)), expected \(expected)")
        }
        return count
    }

    mutating func schedule(_ flag: String) throws(BadInput) -> SimulationScheduling {
        let expected = "random, fifo or pct(D,S), a depth D of 1 to 64 and S steps of 1 or more"
        let text = try value(flag, expected)
        guard let schedule = SimulationScheduling(rawValue: text), schedule.isSensible else {
            throw BadInput("\(flag) is \(BadInput.quoted(text)), expected \(expected)")
        }
        return schedule
    }

    mutating func yields(_ flag: String) throws(BadInput) -> Int {
        let expected = "a whole number from 0 to 1000"
        let text = try value(flag, expected)
        guard Self.isDigits(text), let yields = Int(text), yields <= 1_000 else {
            throw BadInput("\(flag) is \(BadInput.quoted(text)), expected \(expected)")
        }
        return yields
    }

    mutating func hours(_ flag: String) throws(BadInput) -> Double {
        let expected = "a number above 0 and at most \(Int(DrillCommand.mostHours)), such as 6 or 0.5"
        let text = try value(flag, expected)
        // The digits of a `Decimal` keep out what `Double` would take: inf, nan, 0x1p4.
        guard let hours = Decimal(strict: text).flatMap({ _ in Double(text) }), hours > 0,
            hours <= DrillCommand.mostHours, let length = Duration(exactSeconds: hours * 3_600), length > .zero
        else { throw BadInput("\(flag) is \(BadInput.quoted(text)), expected \(expected)") }
        return hours
    }

    private static func isDigits(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
}

extension SimulationScheduling {
    /// False for depths and steps that no run takes.
    fileprivate var isSensible: Bool {
        guard case .pct(let depth, let steps) = self else { return true }
        return (1...64).contains(depth) && steps >= 1
    }
}
