public import SeawallTime

extension VenueProfile {
    /// Judges every field by itself and together with the others.
    ///
    /// What is judged: ranges; error rules that an earlier one leaves nothing for; wordings that the profile's own error
    /// table takes for something else than they mean, for each kind of call; costs of limits that there are not, of calls
    /// that the venue does not serve, and limits that nothing is charged to; capabilities that contradict another field.
    ///
    /// - Throws: one `InvalidFields` that lists every bad field by its path, its value, and what was expected.
    public func validate() throws(InvalidFields) {
        // The library's own are judged by its tests; to do it again at every start would only cost.
        if Self.all.contains(self) { return }
        try judge()
    }

    /// Judges every field, of the library's own profiles too.
    package func judge() throws(InvalidFields) {
        var problems = InvalidFields(subject: "venue profile", fields: [])
        problems.check(!name.isEmpty, "name", "empty", "a name")
        problems.check((1...1_024).contains(clientIDLength), "clientIDLength", clientIDLength, "1 to 1024")
        checkErrors(&problems)
        checkLimits(&problems)
        check(costs, "costs", &problems)
        check(costsWithoutSymbol, "costsWithoutSymbol", &problems)
        checkCostsByAge(&problems)
        checkHeaders(&problems)
        checkWordings(&problems)
        check(visibilityLag, "visibilityLag", from: .zero, &problems)
        check(receiveWindow, "receiveWindow", from: .milliseconds(1), &problems)
        check(clockLead, "clockLead", from: .zero, &problems)
        checkCapabilities(&problems)
        check(defaultBan, "defaultBan", from: .milliseconds(1), &problems)
        check(defaultRetryAfter, "defaultRetryAfter", from: .milliseconds(1), &problems)
        check(heartbeat, "heartbeat", from: .milliseconds(1), &problems)
        problems.check((1...100_000).contains(pageSize), "pageSize", pageSize, "1 to 100000")
        problems.check((1...100_000).contains(cancelBatchSize), "cancelBatchSize", cancelBatchSize, "1 to 100000")
        try problems.throwIfAny()
    }

    private static let longest = Duration.seconds(366 * 86_400)

    func check(_ duration: Duration, _ name: String, from least: Duration, _ problems: inout InvalidFields) {
        problems.check((least...Self.longest).contains(duration), name, duration, "\(least) to 366 days")
    }
}

extension String {
    var quoted: String { "\"\(self)\"" }
}
