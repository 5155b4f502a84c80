public import SeawallBroker

/// What a cause covers: everything, or one account, symbol or strategy.
public enum CauseScope: Hashable, Sendable {
    /// Every order.
    case global
    /// The orders of one account; nil is the key's own.
    case account(AccountID? = nil)
    /// The orders for one symbol.
    case symbol(Symbol)
    /// The orders of one strategy.
    case strategy(StrategyID)

    /// True where a cause of this scope binds an order of this origin.
    public func covers(_ origin: OrderOrigin) -> Bool {
        switch self {
        case .global: true
        case .account(let account): account == origin.account
        case .symbol(let symbol): symbol == origin.symbol
        case .strategy(let strategy): strategy == origin.strategy
        }
    }
}

extension CauseScope: CustomStringConvertible {
    /// The text that records use: `global`, `account`, `account:NAME`, `symbol:NAME`, `strategy:NAME`.
    public var description: String {
        switch self {
        case .global: "global"
        case .account(nil): "account"
        case .account(let account?): "account:\(account)"
        case .symbol(let symbol): "symbol:\(symbol)"
        case .strategy(let strategy): "strategy:\(strategy)"
        }
    }

    /// Reads the text that `description` writes; nil where it is none of these.
    public init?(_ text: String) {
        switch text {
        case "global":
            self = .global
            return
        case "account":
            self = .account(nil)
            return
        default: break
        }
        guard let colon = text.firstIndex(of: ":") else { return nil }
        let name = String(text[text.index(after: colon)...])
        guard !name.isEmpty else { return nil }
        switch text[..<colon] {
        case "account": self = .account(AccountID(rawValue: name))
        case "symbol": self = .symbol(Symbol(rawValue: name))
        case "strategy": self = .strategy(StrategyID(rawValue: name))
        default: return nil
        }
    }
}

extension CauseScope: Codable {
    /// Decodes the text form.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let scope = CauseScope(text) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription:
                    "scope is \"\(text)\"; expected global, account, account:NAME, symbol:NAME or strategy:NAME")
        }
        self = scope
    }

    /// Encodes the text form.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
