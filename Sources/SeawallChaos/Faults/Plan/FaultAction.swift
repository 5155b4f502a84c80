public import SeawallBroker
internal import SeawallTime

/// One fault: which calls it is about, when and how often it strikes, and what it does.
///
/// It counts every matching call, whether another fault strikes that call or not. The call numbered `after` is the
/// last that it lets through for that reason.
public struct FaultAction: Hashable, Sendable {
    /// The name in records and reports.
    ///
    /// Default: the effect's own.
    public var name: String

    /// Which calls it is about.
    public var match: FaultMatch

    /// How many matching calls it lets through before it may strike, exactly.
    ///
    /// Default: 0.
    public var after: Int

    /// How often it strikes, for an outage how often one begins; nil for ever.
    public var times: Int?

    /// How likely it strikes when everything else fits, 0 to 1.
    ///
    /// Default: 1.
    public var probability: Double

    /// When it may begin to strike, counted from the making of the broker that carries it.
    ///
    /// Default: at once.
    public var from: Duration

    /// When it no longer may strike, counted likewise; nil for never.
    public var until: Duration?

    /// What it does.
    public var effect: FaultEffect

    /// Makes a fault; what is left out has the default that the property names.
    public init(
        _ effect: FaultEffect, on match: FaultMatch = .all, name: String? = nil, after: Int = 0, times: Int? = nil,
        probability: Double = 1, from: Duration = .zero, until: Duration? = nil
    ) {
        self.name = name ?? effect.name
        self.match = match
        self.after = after
        self.times = times
        self.probability = probability
        self.from = from
        self.until = until
        self.effect = effect
    }
}

extension FaultAction {
    /// The operations that the fault can strike: those of its match that its effect can.
    public var operations: Set<BrokerOperation> {
        match.operations.map { effect.struck.intersection($0) } ?? effect.struck
    }

    /// Strikes the first matching call and no other.
    public static func once(_ effect: FaultEffect, on match: FaultMatch = .all) -> FaultAction {
        FaultAction(effect, on: match, times: 1)
    }

    /// Lets exactly `count` matching calls through, then strikes every one, or as many as `times` says.
    public static func after(
        _ count: Int, _ effect: FaultEffect, on match: FaultMatch = .all, times: Int? = nil
    ) -> FaultAction {
        FaultAction(effect, on: match, after: count, times: times)
    }

    /// Strikes every matching call.
    public static func always(_ effect: FaultEffect, on match: FaultMatch = .all) -> FaultAction {
        FaultAction(effect, on: match)
    }

    /// Faults of one match that take turns: each begins where the one before has had its calls.
    ///
    /// `after` of each counts from there. One without `times` strikes for ever, and those behind it never do.
    public static func sequence(_ actions: [FaultAction]) -> [FaultAction] {
        var start = 0
        return actions.map { action in
            var action = action
            action.after = action.after.addingSaturating(start)
            start = action.times.map { action.after.addingSaturating($0) } ?? .max
            return action
        }
    }
}
