public import SeawallTime
internal import Synchronization

/// How many repeats the calls of one client may make together: it keeps a failing server from being asked twice as often.
///
/// Share one among all calls to a server. A repeat draws tokens, more or fewer by the class of the failure; a call that
/// succeeds after a repeat gets those of its last repeat back, and one that succeeds at once brings a token. A repeat that
/// was never made, because its task was cancelled or its deadline passed, costs nothing. Where too few are left, a retry
/// waits as long as it would have before the repeat, so that whoever calls it in a loop is slowed down all the same, tells
/// `onRetry` of it, and throws `BackoffExhausted` with the reason `budget`. All of it is exact, from any number of threads.
public final class RetryBudget: Sendable {
    /// What the budget is called, for metrics and messages.
    public let name: String

    /// Its size, costs and deposits.
    public let configuration: RetryBudgetConfiguration

    private let core: RetryBudgetCore
    // The core decides; the word stands for the lock, since every first-time success comes by here.
    private let balance: Atomic<Int>
    private let refused = Atomic<Int>(0)

    /// Makes a full budget.
    ///
    /// - Throws: `InvalidFields` that lists every bad field, the name among them where it is empty.
    public init(
        name: String = "retries", configuration: RetryBudgetConfiguration = RetryBudgetConfiguration()
    ) throws(InvalidFields) {
        var problems = InvalidFields(subject: "retry budget", fields: [])
        problems.check(!name.isEmpty, "name", "\"\(name)\"", "a name")
        configuration.check(&problems)
        try problems.throwIfAny()
        self.name = name
        self.configuration = configuration
        core = RetryBudgetCore(configuration: configuration)
        balance = Atomic(configuration.capacity)
    }

    /// How many tokens there are.
    public var tokens: Int { balance.load(ordering: .relaxed) }

    /// How many repeats and hedges were refused since it was made.
    public var refusals: Int { refused.load(ordering: .relaxed) }

    /// Notes a call that succeeded at its first attempt; a full budget is only looked at.
    @usableFromInline func succeededAtOnce() {
        deposit(configuration.successDeposit)
    }

    /// Draws what `draw` costs; nil where too little is left.
    func withdraw(_ draw: RetryBudgetCore.Draw) -> Int? {
        let cost = core.cost(of: draw)
        var tokens = balance.load(ordering: .relaxed)
        while let rest = core.withdrawing(cost, from: tokens) {
            // Relaxed: the number guards nothing but itself.
            let (exchanged, found) = balance.weakCompareExchange(expected: tokens, desired: rest, ordering: .relaxed)
            if exchanged { return cost }
            tokens = found
        }
        refused.wrappingAdd(1, ordering: .relaxed)
        return nil
    }

    /// Takes tokens in.
    func deposit(_ amount: Int) {
        var tokens = balance.load(ordering: .relaxed)
        while case let sum = core.depositing(amount, into: tokens), sum != tokens {
            let (exchanged, found) = balance.weakCompareExchange(expected: tokens, desired: sum, ordering: .relaxed)
            if exchanged { return }
            tokens = found
        }
    }
}
