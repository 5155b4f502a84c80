/// Faults as data, in order: of several that would strike a call, the first one does.
public struct FaultPlan: Hashable, Sendable {
    /// The faults, in order.
    public var actions: [FaultAction]

    /// Makes a plan.
    public init(_ actions: [FaultAction] = []) {
        self.actions = actions
    }

    /// Adds a fault behind the others.
    public mutating func add(_ action: FaultAction) {
        actions.append(action)
    }

    /// The plan with a fault behind the others.
    public func adding(_ action: FaultAction) -> FaultPlan {
        FaultPlan(actions + [action])
    }
}

extension FaultPlan: ExpressibleByArrayLiteral {
    /// Makes a plan from faults in order.
    public init(arrayLiteral elements: FaultAction...) {
        self.init(elements)
    }
}
