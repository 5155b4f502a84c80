extension VenueProfile {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case name, identity, clientIDLength, errors, limits, costs, costsWithoutSymbol, usageHeaders, visibilityLag
        case receiveWindow, capabilities, defaultBan, defaultRetryAfter, heartbeat, pageSize, costsByAge, wordings
        case operationWordings, sequence, modes, deadMan, clockLead, cancelBatchSize, amendReplaces, limitHeaders
    }

    /// Reads a profile; durations are in seconds.
    ///
    /// Only `name` and `identity` must be there. What is missing is empty, or else: ids of 36 characters, 5 s of
    /// visibility lag and of receive window, a clock 1 s ahead, a ban of 2 minutes, a minute after a limit, a heartbeat
    /// every 30 s, pages of 100, cancels of 10, contiguous numbers, all modes, amends in place, and where there is a
    /// dead-man timer 1 s to a day for each symbol, protection included. The result is not checked; see `validate()`.
    ///
    /// - Throws: `DecodingError.dataCorrupted`, whose description and underlying `InvalidFields` list everything that
    ///   could not be read by its path, names that there are not among it.
    public init(from decoder: any Decoder) throws {
        var reader = try FieldReader<CodingKeys>(decoder, subject: "venue profile")
        var capabilities: [BrokerCapability] = []
        let name = reader.required(.name, as: String.self)
        let identity = reader.required(.identity, as: IdentityClass.self)
        reader.read(list: .capabilities, into: &capabilities)
        self.init(
            name: name ?? "", identity: identity ?? .unchecked, capabilities: Set(capabilities),
            deadMan: reader.optional(.deadMan, as: DeadManRule.self))
        reader.read(.clientIDLength, into: &clientIDLength)
        reader.read(list: .errors, into: &errors)
        reader.read(list: .limits, into: &limits)
        reader.read(objects: .costs, into: &costs)
        reader.read(objects: .costsWithoutSymbol, into: &costsWithoutSymbol)
        reader.read(objects: .costsByAge, into: &costsByAge)
        reader.read(object: .usageHeaders, into: &usageHeaders)
        reader.read(list: .limitHeaders, into: &limitHeaders)
        reader.read(object: .wordings, into: &wordings)
        reader.read(objects: .operationWordings, into: &operationWordings)
        reader.read(.sequence, into: &sequence)
        reader.read(.modes, into: &modes)
        reader.read(seconds: .visibilityLag, into: &visibilityLag)
        reader.read(seconds: .receiveWindow, into: &receiveWindow)
        reader.read(seconds: .clockLead, into: &clockLead)
        reader.read(seconds: .defaultBan, into: &defaultBan)
        reader.read(seconds: .defaultRetryAfter, into: &defaultRetryAfter)
        reader.read(seconds: .heartbeat, into: &heartbeat)
        reader.read(.pageSize, into: &pageSize)
        reader.read(.cancelBatchSize, into: &cancelBatchSize)
        reader.read(.amendReplaces, into: &amendReplaces)
        try reader.finish()
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
        try fields.encode(limitHeaders, forKey: .limitHeaders)
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
