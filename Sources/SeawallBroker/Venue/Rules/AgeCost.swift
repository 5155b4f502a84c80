internal import SeawallTime

/// What changing or cancelling an order costs more while the order is young.
public struct AgeCost: Hashable, Sendable {
    /// The order is younger than this.
    public var under: Duration

    /// What the call then costs on top.
    public var cost: Int

    /// Makes a cost.
    public init(under: Duration, cost: Int) {
        self.under = under
        self.cost = cost
    }
}

extension AgeCost: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case under, cost
    }

    /// Reads a cost; `under` is in seconds.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.strictContainer(keyedBy: CodingKeys.self)
        self.init(
            under: try fields.decodeSeconds(forKey: .under), cost: try fields.decode(Int.self, forKey: .cost))
    }

    /// Writes a cost; `under` is in seconds.
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encodeSeconds(under, forKey: .under)
        try fields.encode(cost, forKey: .cost)
    }
}
