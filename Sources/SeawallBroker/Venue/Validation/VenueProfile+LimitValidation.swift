internal import SeawallTime

extension VenueProfile {
    func checkLimits(_ problems: inout InvalidFields) {
        let charged = Set((costs.values.flatMap(\.keys) + costsWithoutSymbol.values.flatMap(\.keys)))
            .union(costsByAge.values.flatMap(\.keys))
        for (index, rule) in limits.enumerated() {
            let path = "limits[\(index)]"
            problems.merge(rule.problems, under: path)
            let isRepeated = limits[..<index].contains { $0.name == rule.name }
            problems.check(!isRepeated, "\(path).name", rule.name.quoted, "each name once")
            let isUsed = rule.counts == .open || charged.contains(rule.name)
            problems.check(isUsed, path, rule.name.quoted, "an operation that costs something in it")
        }
    }

    func check(_ costs: [BrokerOperation: [String: Int]], _ name: String, _ problems: inout InvalidFields) {
        for (operation, weights) in costs.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            let path = "\(name).\(operation.rawValue)"
            checkIsServed(operation, path, &problems)
            for (limit, weight) in weights.sorted(by: { $0.key < $1.key }) {
                check(weight, of: limit, "\(path).\(limit)", &problems)
            }
        }
    }

    func checkCostsByAge(_ problems: inout InvalidFields) {
        for (operation, limits) in costsByAge.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            let path = "costsByAge.\(operation.rawValue)"
            checkIsServed(operation, path, &problems)
            let changes: Set<BrokerOperation> = [.amend, .cancel, .cancelMany, .cancelAll]
            problems.check(changes.contains(operation), path, operation.rawValue, "an operation that changes orders")
            for (limit, steps) in limits.sorted(by: { $0.key < $1.key }) {
                let path = "\(path).\(limit)"
                problems.check(!steps.isEmpty, path, "empty", "at least one age")
                for (index, step) in steps.enumerated() {
                    check(step.cost, of: limit, "\(path)[\(index)].cost", &problems)
                    let isLater = index == 0 ? step.under > .zero : step.under > steps[index - 1].under
                    problems.check(isLater, "\(path)[\(index)].under", step.under, "above 0, and above the one before")
                }
            }
        }
    }

    func checkHeaders(_ problems: inout InvalidFields) {
        for (limit, header) in usageHeaders.sorted(by: { $0.key < $1.key }) {
            let path = "usageHeaders.\(limit)"
            check(header, of: limit, path, &problems)
        }
        for (index, rule) in limitHeaders.enumerated() {
            check(rule.header, of: rule.limit, "limitHeaders[\(index)]", &problems)
            let isRepeated = limitHeaders[..<index].contains { $0 == rule }
            problems.check(!isRepeated, "limitHeaders[\(index)]", rule.header.quoted, "each rule once")
        }
    }

    private func check(_ header: String, of limit: String, _ path: String, _ problems: inout InvalidFields) {
        let isKept = limits.contains { $0.name == limit && $0.counts != .open }
        problems.check(isKept, path, header.quoted, "a limit of the profile that calls use up, not \(limit.quoted)")
        problems.check(header.isHeaderName, path, header.quoted, "a header's name (letters, digits, -)")
    }

    private func check(_ weight: Int, of limit: String, _ path: String, _ problems: inout InvalidFields) {
        guard let rule = limits.first(where: { $0.name == limit }) else {
            problems.check(false, path, weight, "a limit of the profile")
            return
        }
        if rule.counts == .open {
            problems.check(false, path, weight, "a limit that calls use up, and not one of open orders")
            return
        }
        // What follows from a bad limit would only be noise beside it.
        let most = max(1, rule.limit)
        problems.check((0...most).contains(weight), path, weight, "0 to the limit, \(most)")
    }

    private func checkIsServed(_ operation: BrokerOperation, _ path: String, _ problems: inout InvalidFields) {
        problems.check(serves(operation), path, "a cost", "none, or the capability of \(operation.rawValue)")
    }
}

extension LimitRule {
    fileprivate var problems: InvalidFields {
        var problems = InvalidFields(subject: "limit", fields: [])
        let longest = Duration.seconds(366 * 86_400)
        problems.check(!name.isEmpty, "name", "empty", "a name")
        problems.check(!scope.rawValue.isEmpty, "scope", "empty", "a name")
        problems.check((1...1_000_000_000).contains(limit), "limit", limit, "1 to 10^9")
        // Orders open at once, and a counter that falls by itself, are counted without a window.
        let needsNone = counts == .open || shape == .decay
        let least: Duration = needsNone ? .zero : .nanoseconds(1)
        problems.check((least...longest).contains(window), "window", window, "\(least) to 366 days")
        let fits = shape != .fixed || (offset >= .zero && (offset < window || offset == .zero))
        problems.check(fits, "offset", offset, "0 or more and less than the window")
        if shape == .decay {
            problems.check((1...1_000_000_000).contains(decay), "decay", decay, "1 to 10^9")
        } else {
            problems.check(decay == 0, "decay", decay, "0, as the shape is \(shape.rawValue)")
        }
        problems.check(shape == .fixed || offset == .zero, "offset", offset, "0, as the shape is \(shape.rawValue)")
        let mayRelease = !releasesOnFill || counts == .order
        problems.check(mayRelease, "releasesOnFill", releasesOnFill, "false, as the limit counts no orders placed")
        return problems
    }
}

extension String {
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
