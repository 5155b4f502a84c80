public import SeawallTime

extension VenueProfile {
    private static let longest = Duration.seconds(366 * 86_400)

    /// Judges every field.
    ///
    /// - Throws: one `InvalidFields` that lists every bad field, its value, and what was expected.
    public func validate() throws(InvalidFields) {
        var problems = InvalidFields(subject: "venue profile", fields: [])
        problems.check(!name.isEmpty, "name", "empty", "a name")
        problems.check((1...1_024).contains(clientIDLength), "clientIDLength", clientIDLength, "1 to 1024")
        for (index, rule) in errors.enumerated() {
            problems.merge(rule.problems, under: "errors[\(index)]")
        }
        for (index, rule) in limits.enumerated() {
            problems.merge(rule.problems, under: "limits[\(index)]")
            let isRepeated = limits[..<index].contains { $0.name == rule.name }
            problems.check(!isRepeated, "limits[\(index)].name", rule.name.quoted, "each name once")
        }
        check(costs, "costs", &problems)
        check(costsWithoutSymbol, "costsWithoutSymbol", &problems)
        checkHeaders(&problems)
        check(visibilityLag, "visibilityLag", from: .zero, &problems)
        check(receiveWindow, "receiveWindow", from: .milliseconds(1), &problems)
        let unnamed = capabilities.contains { $0.rawValue.isEmpty }
        problems.check(!unnamed, "capabilities", "a set with an empty name", "names")
        check(defaultBan, "defaultBan", from: .milliseconds(1), &problems)
        check(defaultRetryAfter, "defaultRetryAfter", from: .milliseconds(1), &problems)
        check(heartbeat, "heartbeat", from: .milliseconds(1), &problems)
        problems.check((1...100_000).contains(pageSize), "pageSize", pageSize, "1 to 100000")
        try problems.throwIfAny()
    }

    private func check(_ duration: Duration, _ name: String, from least: Duration, _ problems: inout InvalidFields) {
        problems.check((least...Self.longest).contains(duration), name, duration, "\(least) to 366 days")
    }

    private func check(_ costs: [BrokerOperation: [String: Int]], _ name: String, _ problems: inout InvalidFields) {
        for (operation, weights) in costs.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            for (limit, weight) in weights.sorted(by: { $0.key < $1.key }) {
                let path = "\(name).\(operation.rawValue).\(limit)"
                guard let rule = limits.first(where: { $0.name == limit }) else {
                    problems.check(false, path, weight, "a limit of the profile")
                    continue
                }
                // What follows from a bad limit would only be noise beside it.
                let most = max(1, rule.limit)
                problems.check((0...most).contains(weight), path, weight, "0 to the limit, \(most)")
            }
        }
    }

    private func checkHeaders(_ problems: inout InvalidFields) {
        for (limit, header) in usageHeaders.sorted(by: { $0.key < $1.key }) {
            let path = "usageHeaders.\(limit)"
            problems.check(limits.contains { $0.name == limit }, path, header.quoted, "a limit of the profile")
            problems.check(header.isHeaderName, path, header.quoted, "a header's name (letters, digits, -)")
        }
    }
}

extension LimitRule {
    fileprivate var problems: InvalidFields {
        var problems = InvalidFields(subject: "limit", fields: [])
        let longest = Duration.seconds(366 * 86_400)
        problems.check(!name.isEmpty, "name", "empty", "a name")
        problems.check(!scope.rawValue.isEmpty, "scope", "empty", "a name")
        problems.check((1...1_000_000_000).contains(limit), "limit", limit, "1 to 10^9")
        // Orders open at once are counted without a window.
        let least: Duration = counts == .open ? .zero : .nanoseconds(1)
        problems.check((least...longest).contains(window), "window", window, "\(least) to 366 days")
        let fits = offset >= .zero && (offset < window || offset == .zero)
        problems.check(fits, "offset", offset, "0 or more and less than the window")
        let isDecay = shape == .decay
        let expected = isDecay ? "1 to 10^9" : "0 to 10^9"
        problems.check(((isDecay ? 1 : 0)...1_000_000_000).contains(decay), "decay", decay, expected)
        return problems
    }
}

extension ErrorRule {
    fileprivate var problems: InvalidFields {
        var problems = InvalidFields(subject: "error rule", fields: [])
        let hasCondition = status != nil || code != nil || contains != nil
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

extension String {
    var quoted: String { "\"\(self)\"" }

    /// A token as RFC 9110 section 5.1 wants it.
    fileprivate var isHeaderName: Bool {
        !isEmpty
            && utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }
}
