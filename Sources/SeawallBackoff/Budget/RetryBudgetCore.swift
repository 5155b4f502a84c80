internal import SeawallTime

/// The core of a retry budget: what each event makes of the number of tokens.
struct RetryBudgetCore: Hashable, Sendable {
    /// Why tokens are drawn.
    enum Draw: Hashable, Sendable {
        case `repeat`(FailureClass)
        case hedge
    }

    let configuration: RetryBudgetConfiguration

    func cost(of draw: Draw) -> Int {
        switch draw {
        case .repeat(.transient): configuration.transientCost
        case .repeat(.throttled): configuration.throttledCost
        case .repeat(.ambiguous): configuration.ambiguousCost
        case .hedge: configuration.hedgeCost
        }
    }

    /// What is left after a draw, or nil where there is not enough.
    func withdrawing(_ amount: Int, from tokens: Int) -> Int? {
        tokens >= amount ? tokens - amount : nil
    }

    /// What there is after tokens came in: never more than the capacity.
    func depositing(_ amount: Int, into tokens: Int) -> Int {
        min(tokens.addingSaturating(amount), configuration.capacity)
    }
}
