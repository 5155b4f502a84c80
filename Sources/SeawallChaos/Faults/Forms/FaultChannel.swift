public import SeawallBroker
internal import SeawallTime

/// A part of what a stream brings.
public enum FaultChannel: Hashable, Sendable {
    /// Signs of life.
    case heartbeats
    /// Everything but signs of life.
    case content
    /// Orders that changed.
    case orders
    /// Fills.
    case fills
    /// Best prices.
    case tickers
    /// Everything about one symbol.
    case symbol(Symbol)
}

extension FaultChannel: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case symbol
    }

    private var word: String? {
        switch self {
        case .heartbeats: "heartbeats"
        case .content: "content"
        case .orders: "orders"
        case .fills: "fills"
        case .tickers: "tickers"
        case .symbol: nil
        }
    }

    private static let words: [FaultChannel] = [.heartbeats, .content, .orders, .fills, .tickers]

    /// Reads a word such as `"fills"`, or `{"symbol": "BTC-USD"}`.
    public init(from decoder: any Decoder) throws {
        guard let word = try? decoder.singleValueContainer().decode(String.self) else {
            let fields = try decoder.strictContainer(keyedBy: CodingKeys.self)
            self = .symbol(try fields.decode(Symbol.self, forKey: .symbol))
            return
        }
        guard let channel = Self.words.first(where: { $0.word == word }) else {
            let expected = Self.words.compactMap(\.word).joined(separator: ", ")
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription: "\"\(word)\" is no channel, expected \(expected) or a symbol"))
        }
        self = channel
    }

    /// Writes a word such as `"fills"`, or `{"symbol": "BTC-USD"}`.
    public func encode(to encoder: any Encoder) throws {
        if let word {
            var value = encoder.singleValueContainer()
            try value.encode(word)
        } else if case .symbol(let symbol) = self {
            var fields = encoder.container(keyedBy: CodingKeys.self)
            try fields.encode(symbol, forKey: .symbol)
        }
    }
}
