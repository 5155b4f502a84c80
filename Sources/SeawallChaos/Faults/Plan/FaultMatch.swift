public import SeawallBroker
public import SeawallRateLimit
internal import SeawallTime

/// Which calls a fault is about; what is nil matches every call.
public struct FaultMatch: Hashable, Sendable {
    /// The operations, or nil for all that the effect can strike.
    public var operations: Set<BrokerOperation>?

    /// The symbol, or nil for all; a call about several symbols matches if it is one of them.
    public var symbol: Symbol?

    /// The side of the order to place, or nil for all calls.
    public var side: Side?

    /// The lane that the guard let the call through, or nil for all; without a guard a call has none.
    public var lane: Lane?

    /// Makes a match; what is left out matches every call.
    public init(
        operations: Set<BrokerOperation>? = nil, symbol: Symbol? = nil, side: Side? = nil, lane: Lane? = nil
    ) {
        self.operations = operations
        self.symbol = symbol
        self.side = side
        self.lane = lane
    }

    /// Every call.
    public static let all = FaultMatch()

    /// Calls of these operations.
    public static func on(_ operations: BrokerOperation...) -> FaultMatch {
        FaultMatch(operations: Set(operations))
    }

    func matches(_ call: BrokerCall, lane callLane: Lane?) -> Bool {
        if let operations, !operations.contains(call.operation) { return false }
        if let symbol, symbol != call.symbol, !call.symbols.contains(symbol) { return false }
        if let side, side != call.side { return false }
        if let lane, lane != callLane { return false }
        return true
    }
}

extension FaultMatch: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case operations, symbol, side, lane
    }

    /// Reads a match; every field may be missing, and no other may be there.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.strictContainer(keyedBy: CodingKeys.self)
        self.init(
            operations: try fields.decodeIfPresent([BrokerOperation].self, forKey: .operations).map(Set.init),
            symbol: try fields.decodeIfPresent(Symbol.self, forKey: .symbol),
            side: try fields.decodeIfPresent(Side.self, forKey: .side),
            lane: try fields.decodeIfPresent(Lane.self, forKey: .lane))
    }

    /// Writes a match, its operations in order of their names.
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encodeIfPresent(operations?.sorted { $0.rawValue < $1.rawValue }, forKey: .operations)
        try fields.encodeIfPresent(symbol, forKey: .symbol)
        try fields.encodeIfPresent(side, forKey: .side)
        try fields.encodeIfPresent(lane, forKey: .lane)
    }
}
