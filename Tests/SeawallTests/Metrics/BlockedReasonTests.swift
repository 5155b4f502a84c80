import SeawallBroker
import SeawallDegradation
import Testing

@testable import Seawall

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Every word with which something is held back has a value of its own in the metrics.
@Suite struct BlockedReasonTests {
    /// What a pattern's one group finds in a file of the sources.
    private static func words(_ file: String, _ pattern: String) throws -> [String] {
        let root = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(contentsOf: root.appendingPathComponent("Sources/\(file)"), encoding: .utf8)
        let expression = try Regex(pattern, as: (Substring, Substring).self)
        return text.matches(of: expression).map { String($0.output.1) }
    }

    @Test(arguments: [
        ("SeawallDegradation/Gate/Denial.swift", #"static let \w+: Code = "(\w+)""#, 11),
        ("Seawall/Events/GuardError+Causes.swift", #"reasons: \["(\w+)"#, 4),
        ("Seawall/Guarded/GuardedBroker+Amend.swift", #"reasons: \["(\w+)""#, 3),
        ("Seawall/Guarded/GuardedBroker+Amend.swift", #"", "(\w+)"\)"#, 4),
        ("Seawall/Guarded/GuardedBroker+Place.swift", #"reasons: \["(open_orders_limit)"\]"#, 1),
    ])
    func noReasonIsOther(file: String, pattern: String, atLeast count: Int) throws {
        let words = try Self.words(file, pattern)
        #expect(words.count >= count, "\(words)")
        for word in words {
            let reason = BlockedReason(GuardError(code: .denied, message: "", reasons: [word, "more"]))
            #expect(reason != nil && reason != .other, "\(word)")
        }
    }

    @Test func whatNobodyKnowsIsOther() {
        #expect(BlockedReason(GuardError(code: .denied, message: "", reasons: ["new"])) == .other)
        #expect(BlockedReason(GuardError(code: .denied, message: "", reasons: ["limit_new"])) == .rateLimit)
        #expect(BlockedReason(GuardError(code: .denied, message: "", reasons: ["cancel_budget"])) == .cancelBudget)
    }
}
