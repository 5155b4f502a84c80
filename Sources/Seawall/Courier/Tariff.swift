internal import SeawallBroker
internal import SeawallRateLimit
internal import SeawallTime

/// What a call costs at a venue, in the limiter's terms.
struct Tariff: Sendable {
    var charge: Charge
    var scopes: [String]

    init(charge: Charge, scopes: [String]) {
        self.charge = charge
        self.scopes = scopes
    }

    init(_ call: BrokerCall, at profile: VenueProfile, ages: [Duration?] = []) {
        let kept = Set(profile.limits.filter { $0.counts != .open }.map(\.name))
        let cost = profile.cost(of: call, ages: ages).filter { kept.contains($0.key) }
        let isPerSymbol = profile.limits.contains { $0.isPerSymbol && (cost[$0.name] ?? 0) > 0 }
        charge = Charge(weights: cost, key: isPerSymbol ? call.symbol?.rawValue ?? "" : "")
        scopes = profile.scopes(of: call).map(\.rawValue)
    }
}

/// The tariffs of a venue, worked out once where a call costs by what it is and by whether it names a symbol alone.
struct Tariffs: Sendable {
    private let profile: VenueProfile
    private let withSymbol: [BrokerOperation: Tariff]
    private let withoutSymbol: [BrokerOperation: Tariff]
    /// Operations that cost by the symbol named, or by the age of the orders named.
    private let particular: Set<BrokerOperation>
    private let ages: OrderAges?

    init(_ profile: VenueProfile, ages: OrderAges?) {
        self.profile = profile
        self.ages = ages
        func table(_ symbol: Symbol?) -> [BrokerOperation: Tariff] {
            let pairs = BrokerOperation.allCases.map { ($0, Tariff(BrokerCall($0, symbol: symbol), at: profile)) }
            return Dictionary(uniqueKeysWithValues: pairs)
        }
        withSymbol = table("any")
        withoutSymbol = table(nil)
        particular = Set(
            BrokerOperation.allCases.filter { operation in
                let call = BrokerCall(operation, symbol: "any")
                return profile.costsByAge[operation]?.isEmpty == false
                    || profile.scopes(of: call).contains(LimitScope.symbol)
            })
    }

    /// What a call costs now.
    func tariff(of call: BrokerCall, at now: MonotonicInstant) -> Tariff {
        if particular.contains(call.operation) {
            let targets = call.amend.map { [$0.target] } ?? call.targets
            return Tariff(call, at: profile, ages: ages?.ages(of: targets, at: now) ?? targets.map { _ in nil })
        }
        let table = call.symbol == nil ? withoutSymbol : withSymbol
        return table[call.operation] ?? Tariff(charge: Charge(), scopes: [])
    }
}
