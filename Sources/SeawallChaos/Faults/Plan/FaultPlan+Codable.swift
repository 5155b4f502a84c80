internal import SeawallBroker
internal import SeawallTime

extension FaultPlan: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case actions
    }

    /// Reads a plan; a key that nobody reads, here or in a fault, is refused by its name.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.strictContainer(keyedBy: CodingKeys.self)
        self.init(try fields.decode([FaultAction].self, forKey: .actions))
    }

    /// Writes a plan.
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(actions, forKey: .actions)
    }
}
