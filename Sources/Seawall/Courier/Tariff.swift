internal import SeawallBroker
internal import SeawallRateLimit

/// What a call costs at a venue, in the limiter's terms.
struct Tariff: Sendable {
    var charge: Charge
    var scopes: [String]

    init(charge: Charge, scopes: [String]) {
        self.charge = charge
        self.scopes = scopes
    }

    init(_ call: BrokerCall, at profile: VenueProfile) {
        let windows = Set(profile.limits.filter(\.isWindow).map(\.name))
        charge = Charge(weights: profile.cost(of: call).filter { windows.contains($0.key) })
        scopes = profile.scopes(of: call).map(\.rawValue)
    }
}

/// The tariffs of a venue, worked out once: a call costs by what it is and by whether it names a symbol.
struct Tariffs: Sendable {
    private let withSymbol: [BrokerOperation: Tariff]
    private let withoutSymbol: [BrokerOperation: Tariff]

    init(_ profile: VenueProfile) {
        func table(_ symbol: Symbol?) -> [BrokerOperation: Tariff] {
            let pairs = BrokerOperation.allCases.map { ($0, Tariff(BrokerCall($0, symbol: symbol), at: profile)) }
            return Dictionary(uniqueKeysWithValues: pairs)
        }
        withSymbol = table("any")
        withoutSymbol = table(nil)
    }

    subscript(call: BrokerCall) -> Tariff {
        let table = call.symbol == nil ? withoutSymbol : withSymbol
        return table[call.operation] ?? Tariff(charge: Charge(), scopes: [])
    }
}

extension LimitRule {
    /// True for a limit that calls use up and time gives back.
    var isWindow: Bool { counts != .open && shape != .decay }
}
