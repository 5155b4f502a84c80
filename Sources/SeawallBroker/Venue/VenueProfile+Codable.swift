extension VenueProfile {
    private enum CodingKeys: String, CodingKey {
        case name, identity, clientIDLength, errors, limits, costs, costsWithoutSymbol, usageHeaders, visibilityLag
        case receiveWindow, capabilities, defaultBan, defaultRetryAfter, heartbeat, pageSize, costsByAge, wordings
        case operationWordings, sequence, modes, deadMan, clockLead, cancelBatchSize, amendReplaces
    }

    /// Reads a profile; durations are in seconds.
    ///
    /// Only `name` and `identity` must be there. What is missing is empty, or else: ids of 36 characters, 5 s of
    /// visibility lag and of receive window, a clock 1 s ahead, a ban of 2 minutes, a minute after a limit, a heartbeat
    /// every 30 s, pages of 100, cancels of 10, contiguous numbers, all modes, amends in place, and where there is a
    /// dead-man timer 1 s to a day for each symbol, protection included. The result is not checked; see `validate()`.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        func read<Value: Decodable>(_ field: WritableKeyPath<VenueProfile, Value>, _ key: CodingKeys) throws {
            if let value = try fields.decodeIfPresent(Value.self, forKey: key) { self[keyPath: field] = value }
        }
        func read(_ field: WritableKeyPath<VenueProfile, Duration>, seconds key: CodingKeys) throws {
            if let value = try fields.decodeSecondsIfPresent(forKey: key) { self[keyPath: field] = value }
        }
        self.init(
            name: try fields.decode(String.self, forKey: .name),
            identity: try fields.decode(IdentityClass.self, forKey: .identity),
            capabilities: Set(try fields.decodeIfPresent([BrokerCapability].self, forKey: .capabilities) ?? []),
            deadMan: try fields.decodeIfPresent(DeadManRule.self, forKey: .deadMan))
        try read(\.clientIDLength, .clientIDLength)
        try read(\.errors, .errors)
        try read(\.limits, .limits)
        try read(\.costs, .costs)
        try read(\.costsWithoutSymbol, .costsWithoutSymbol)
        try read(\.costsByAge, .costsByAge)
        try read(\.usageHeaders, .usageHeaders)
        try read(\.wordings, .wordings)
        try read(\.operationWordings, .operationWordings)
        try read(\.sequence, .sequence)
        try read(\.modes, .modes)
        try read(\.visibilityLag, seconds: .visibilityLag)
        try read(\.receiveWindow, seconds: .receiveWindow)
        try read(\.clockLead, seconds: .clockLead)
        try read(\.defaultBan, seconds: .defaultBan)
        try read(\.defaultRetryAfter, seconds: .defaultRetryAfter)
        try read(\.heartbeat, seconds: .heartbeat)
        try read(\.pageSize, .pageSize)
        try read(\.cancelBatchSize, .cancelBatchSize)
        try read(\.amendReplaces, .amendReplaces)
    }

    /// Writes a profile; durations are in seconds, capabilities and modes in order of their names.
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(name, forKey: .name)
        try fields.encode(identity, forKey: .identity)
        try fields.encode(clientIDLength, forKey: .clientIDLength)
        try fields.encode(errors, forKey: .errors)
        try fields.encode(limits, forKey: .limits)
        try fields.encode(costs, forKey: .costs)
        try fields.encode(costsWithoutSymbol, forKey: .costsWithoutSymbol)
        try fields.encode(usageHeaders, forKey: .usageHeaders)
        try fields.encodeSeconds(visibilityLag, forKey: .visibilityLag)
        try fields.encodeSeconds(receiveWindow, forKey: .receiveWindow)
        try fields.encode(capabilities.sorted(), forKey: .capabilities)
        try fields.encodeSeconds(defaultBan, forKey: .defaultBan)
        try fields.encodeSeconds(defaultRetryAfter, forKey: .defaultRetryAfter)
        try fields.encodeSeconds(heartbeat, forKey: .heartbeat)
        try fields.encode(pageSize, forKey: .pageSize)
        try fields.encode(costsByAge, forKey: .costsByAge)
        try fields.encode(wordings, forKey: .wordings)
        try fields.encode(operationWordings, forKey: .operationWordings)
        try fields.encode(sequence, forKey: .sequence)
        try fields.encode(modes.sorted { $0.rawValue < $1.rawValue }, forKey: .modes)
        try fields.encodeIfPresent(deadMan, forKey: .deadMan)
        try fields.encodeSeconds(clockLead, forKey: .clockLead)
        try fields.encode(cancelBatchSize, forKey: .cancelBatchSize)
        try fields.encode(amendReplaces, forKey: .amendReplaces)
    }
}
