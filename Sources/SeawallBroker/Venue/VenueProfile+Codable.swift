extension VenueProfile {
    private enum CodingKeys: String, CodingKey {
        case name, identity, clientIDLength, errors, limits, costs, costsWithoutSymbol, usageHeaders, visibilityLag
        case receiveWindow, capabilities, defaultBan, defaultRetryAfter, heartbeat, pageSize
    }

    /// Reads a profile; durations are in seconds.
    ///
    /// Only `name` and `identity` must be there. What is missing is empty, or else: ids of 36 characters, 5 s of
    /// visibility lag and of receive window, a ban of 2 minutes, a minute after a limit, a heartbeat every 30 s, pages
    /// of 100. The result is not checked; see `validate()`.
    public init(from decoder: any Decoder) throws {
        typealias Costs = [BrokerOperation: [String: Int]]
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            name: try fields.decode(String.self, forKey: .name),
            identity: try fields.decode(IdentityClass.self, forKey: .identity),
            clientIDLength: try fields.decodeIfPresent(Int.self, forKey: .clientIDLength) ?? 36,
            errors: try fields.decodeIfPresent([ErrorRule].self, forKey: .errors) ?? [],
            limits: try fields.decodeIfPresent([LimitRule].self, forKey: .limits) ?? [],
            costs: try fields.decodeIfPresent(Costs.self, forKey: .costs) ?? [:],
            usageHeaders: try fields.decodeIfPresent([String: String].self, forKey: .usageHeaders) ?? [:],
            visibilityLag: try fields.decodeSecondsIfPresent(forKey: .visibilityLag) ?? .seconds(5),
            receiveWindow: try fields.decodeSecondsIfPresent(forKey: .receiveWindow) ?? .seconds(5),
            capabilities: Set(try fields.decodeIfPresent([BrokerCapability].self, forKey: .capabilities) ?? []),
            defaultBan: try fields.decodeSecondsIfPresent(forKey: .defaultBan) ?? .seconds(120),
            defaultRetryAfter: try fields.decodeSecondsIfPresent(forKey: .defaultRetryAfter) ?? .seconds(60),
            heartbeat: try fields.decodeSecondsIfPresent(forKey: .heartbeat) ?? .seconds(30),
            pageSize: try fields.decodeIfPresent(Int.self, forKey: .pageSize) ?? 100,
            costsWithoutSymbol: try fields.decodeIfPresent(Costs.self, forKey: .costsWithoutSymbol) ?? [:])
    }

    /// Writes a profile; durations are in seconds, capabilities in order of their names.
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
    }
}
