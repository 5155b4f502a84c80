public import SeawallTime

/// How large a retry budget is, what a repeat costs by the class of the failure, and what a success brings.
///
/// The defaults follow the AWS SDKs' standard mode with its rules of 2026: 500 tokens, 14 for a repeat, 5 after a
/// throttle, 1 for a call that succeeds at once. A full budget allows 35 repeats in a row; in the long run one call in
/// fourteen may be repeated in vain, and one in ten hedged.
public struct RetryBudgetConfiguration: Hashable, Sendable {
    /// The most tokens it holds, which it begins with; default 500.
    public var capacity = 500

    /// What a repeat costs after a transient failure; default 14.
    public var transientCost = 14

    /// What a repeat costs after the server refused the call because there were too many; default 5.
    public var throttledCost = 5

    /// What a repeat costs after an ambiguous failure, such as a timeout; default 14.
    public var ambiguousCost = 14

    /// What a hedge costs; default 10.
    ///
    /// It is never refunded: extra load stays extra load when it was of use.
    public var hedgeCost = 10

    /// What a call brings that succeeds at its first attempt, without a hedge; default 1.
    public var successDeposit = 1

    /// Makes the default configuration.
    public init() {}

    /// Checks every field.
    ///
    /// - Throws: `InvalidFields` that lists every bad field.
    public func validate() throws(InvalidFields) {
        var problems = InvalidFields(subject: "retry budget", fields: [])
        check(&problems)
        try problems.throwIfAny()
    }

    func check(_ problems: inout InvalidFields) {
        problems.check(capacity >= 1, "capacity", capacity, "a whole number of 1 or more")
        let amounts = [
            ("transientCost", transientCost), ("throttledCost", throttledCost), ("ambiguousCost", ambiguousCost),
            ("hedgeCost", hedgeCost), ("successDeposit", successDeposit),
        ]
        for (name, amount) in amounts {
            problems.check(
                amount >= 1 && amount <= max(capacity, 1), name, amount, "a whole number from 1 to the capacity")
        }
    }
}

extension RetryBudgetConfiguration: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case capacity, transientCost, throttledCost, ambiguousCost, hedgeCost, successDeposit
    }

    /// Reads a configuration; absent fields have their defaults.
    ///
    /// - Throws: `DecodingError` where the shape is wrong or a key is none of the fields, `InvalidFields` that lists
    ///   every bad field.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        func read(_ key: CodingKeys, into field: inout Int) throws {
            field = try container.decodeIfPresent(Int.self, forKey: key) ?? field
        }
        try read(.capacity, into: &capacity)
        try read(.transientCost, into: &transientCost)
        try read(.throttledCost, into: &throttledCost)
        try read(.ambiguousCost, into: &ambiguousCost)
        try read(.hedgeCost, into: &hedgeCost)
        try read(.successDeposit, into: &successDeposit)
        try validate()
    }
}
