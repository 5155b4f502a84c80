internal import SeawallTime

extension VenueProfile {
    func checkWordings(_ problems: inout InvalidFields) {
        let groups = operationGroups
        for (reason, wording) in wordings.sorted(by: { $0.key < $1.key }) {
            let path = "wordings.\(reason)"
            check(wording, of: reason, path, &problems)
            let said = groups.compactMap { operations in
                operations.first { operation in
                    reason.operations.contains(operation) && operationWordings[operation]?[reason] == nil
                }
            }
            let mistaken = said.first { !isTakenForWhatItMeans(wording, of: reason, to: $0) }
            if let mistaken { note(wording, of: reason, to: mistaken, path, &problems) }
        }
        for (operation, wordings) in operationWordings.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            for (reason, wording) in wordings.sorted(by: { $0.key < $1.key }) {
                let path = "operationWordings.\(operation.rawValue).\(reason)"
                let mayBe = reason.operations.contains(operation)
                problems.check(mayBe, path, reason.rawValue, "a reason to refuse \(operation.rawValue)")
                check(wording, of: reason, path, &problems)
                if !isTakenForWhatItMeans(wording, of: reason, to: operation) {
                    note(wording, of: reason, to: operation, path, &problems)
                }
            }
        }
        checkScopesOfLimits(&problems)
    }

    /// The operations that the venue serves, put together where no rule and no wording tells them apart.
    private var operationGroups: [[BrokerOperation]] {
        let sets = errors.compactMap(\.operations)
        let served = BrokerOperation.allCases.filter(serves)
        let groups = Dictionary(grouping: served) { operation in
            sets.map { $0.contains(operation) } + [operation.changesOrders, operationWordings[operation] != nil]
        }
        let inOrder = served.enumerated().reduce(into: [:]) { $0[$1.element] = $1.offset }
        return groups.values.sorted { (inOrder[$0[0]] ?? 0) < (inOrder[$1[0]] ?? 0) }
    }

    private func check(_ wording: Wording, of reason: RefusalReason, _ path: String, _ problems: inout InvalidFields) {
        problems.check((100...599).contains(wording.status), "\(path).status", wording.status, "100 to 599")
        if let code = wording.code { problems.check(!code.isEmpty, "\(path).code", "empty", "a code, or none") }
        if reason.meaning == nil {
            let expected = "a meaning, or a reason that the library knows"
            problems.check(wording.meaning != nil, "\(path).meaning", "nil", expected)
        }
        if reason == .unknownServerError, let meaning = wording.meaning {
            let expected = "ambiguous, as it may have been done"
            problems.check(meaning == .ambiguous, "\(path).meaning", meaning.rawValue, expected)
        }
        let meaning = wording.meaning ?? reason.meaning
        if let meaning, meaning != .rateLimited, meaning != .banned {
            let expected = "none, as nothing ends"
            problems.check(wording.retryAfter == .none, "\(path).retryAfter", wording.retryAfter.rawValue, expected)
        }
    }

    private func isTakenForWhatItMeans(
        _ wording: Wording, of reason: RefusalReason, to operation: BrokerOperation
    ) -> Bool {
        guard let meaning = wording.meaning ?? reason.meaning else { return true }
        return outcome(of: wording, to: operation).name == meaning.rawValue
    }

    private func note(
        _ wording: Wording, of reason: RefusalReason, to operation: BrokerOperation, _ path: String,
        _ problems: inout InvalidFields
    ) {
        let taken = "\(outcome(of: wording, to: operation).name) for \(operation.rawValue)"
        let meaning = (wording.meaning ?? reason.meaning)?.rawValue ?? ""
        problems.check(false, path, taken, "words that the profile's own error table takes for \(meaning)")
    }

    /// Where the venue refuses for a limit, its words must stop the calls that the limit counts, and no fewer.
    private func checkScopesOfLimits(_ problems: inout InvalidFields) {
        for limit in limits where limit.counts != .open {
            let reason: RefusalReason = limit.counts == .order ? .orderRateLimited : .rateLimited
            let charged = BrokerOperation.allCases.first { (costs[$0]?[limit.name] ?? 0) > 0 }
            guard let operation = charged, reason.operations.contains(operation) else { continue }
            guard let wording = operationWordings[operation]?[reason] ?? wordings[reason] else { continue }
            guard case .rateLimited(_, let scope) = outcome(of: wording, to: operation) else { continue }
            problems.check(
                scope == limit.scope || scope == .ip, "wordings.\(reason)", scope,
                "words whose scope is ip, or \(limit.scope) as that of \(limit.name)")
        }
    }

    private func outcome(of wording: Wording, to operation: BrokerOperation) -> Outcome {
        let now = CivilInstant(millisecondsSinceEpoch: 1_700_000_000_000)
        let error = wording.error(until: now.advanced(by: .seconds(30)), now: now)
        return OutcomeClassifier(profile: self).classify(operation, error: error, now: .origin, civilNow: now)
    }
}
