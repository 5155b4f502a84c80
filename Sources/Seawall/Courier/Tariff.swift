internal import SeawallBroker
internal import SeawallRateLimit

/// What a call costs at a venue, in the limiter's terms.
struct Tariff: Sendable {
    var charge: Charge
    var scopes: [String]

    init(_ call: BrokerCall, at profile: VenueProfile) {
        let windows = Set(profile.limits.filter(\.isWindow).map(\.name))
        charge = Charge(weights: profile.cost(of: call).filter { windows.contains($0.key) })
        scopes = profile.scopes(of: call).map(\.rawValue)
    }
}

extension LimitRule {
    /// True for a limit that calls use up and time gives back.
    var isWindow: Bool { counts != .open && shape != .decay }
}
