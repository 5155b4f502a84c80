internal import SeawallTime

extension VenueProfile {
    func checkErrors(_ problems: inout InvalidFields) {
        var earlier: [String?: [Int]] = [:]
        for (index, rule) in errors.enumerated() {
            let path = "errors[\(index)]"
            problems.merge(rule.problems, under: path)
            // A rule without a condition is at fault itself, and would cover every other.
            guard rule.hasCondition else { continue }
            let candidates = ((earlier[rule.code] ?? []) + (rule.code == nil ? [] : earlier[nil] ?? [])).sorted()
            if let covering = candidates.first(where: { errors[$0].covers(rule) }) {
                let expected = "something that errors[\(covering)], which comes first, leaves for it"
                problems.check(false, path, rule.meaning.rawValue, expected)
            } else if isCovered(rule, byOperationsOf: candidates) {
                problems.check(false, path, rule.meaning.rawValue, "something that the rules before it leave for it")
            }
            earlier[rule.code, default: []].append(index)
        }
    }

    /// True where rules that name operations leave none for this one between them.
    private func isCovered(_ rule: ErrorRule, byOperationsOf candidates: [Int]) -> Bool {
        var left = rule.operations ?? Set(BrokerOperation.allCases)
        for index in candidates where errors[index].coversApartFromOperations(rule) {
            left.subtract(errors[index].operations ?? left)
        }
        return left.isEmpty && rule.operations?.isEmpty != true
    }
}

extension ErrorRule {
    fileprivate var hasCondition: Bool { status != nil || code != nil || contains != nil }

    /// True where every error that fits the other rule fits this one.
    fileprivate func covers(_ other: ErrorRule) -> Bool {
        guard coversApartFromOperations(other) else { return false }
        guard let operations else { return true }
        return other.operations.map(operations.isSuperset) ?? false
    }

    fileprivate func coversApartFromOperations(_ other: ErrorRule) -> Bool {
        if let status, status != other.status { return false }
        if let code, code != other.code { return false }
        guard let contains else { return true }
        // A rule without a code looks into the body alone, one with a code into the message too.
        guard let wanted = other.contains, code != nil || other.code == nil else { return false }
        return wanted.containsIgnoringCase(contains)
    }
}

extension ErrorRule {
    fileprivate var problems: InvalidFields {
        var problems = InvalidFields(subject: "error rule", fields: [])
        problems.check(hasCondition, "status", "nil", "a status, a code or a text, or the rule fits every error")
        if let status { problems.check((100...599).contains(status), "status", status, "100 to 599") }
        if let code { problems.check(!code.isEmpty, "code", "empty", "a code, or nil for any") }
        if let contains { problems.check(!contains.isEmpty, "contains", "empty", "a text, or nil for any") }
        if let operations { problems.check(!operations.isEmpty, "operations", "empty", "operations, or nil for all") }
        switch meaning {
        case .rateLimited, .banned:
            problems.check(scope?.rawValue.isEmpty == false, "scope", scope?.rawValue.quoted ?? "nil", "a scope")
        case .ambiguous, .overloaded, .rejected, .reduceCapacity, .noSuchOrder, .duplicate, .partial, .clockSkew,
            .venueMode, .authentication, .sessionExpired:
            break
        }
        return problems
    }
}
