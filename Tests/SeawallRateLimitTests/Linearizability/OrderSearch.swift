/// Looks for an order of the calls of a history in which the replay of one after the other answers as was recorded.
///
/// A call that had ended before another began stands before it. Where there is none, no single limiter can have answered so.
struct OrderSearch {
    /// A call that was made, and between which ticks of a counter that all threads share.
    struct Record: Sendable {
        var step: LimiterCall.Step
        var call: LimiterCall
        var answer: LimiterCall.Answer
        var began: Int
        var ended: Int
    }

    let history: [Record]

    func order(explainedBy replay: LimiterReplay) -> [LimiterCall.Step]? { extend([], replay) }

    /// Tries every call that can be the next one.
    private func extend(_ order: [LimiterCall.Step], _ replay: LimiterReplay) -> [LimiterCall.Step]? {
        let open = history.filter { !order.contains($0.step) }
        guard let firstEnd = open.map(\.ended).min() else { return order }
        for record in open where record.began < firstEnd {
            var next = replay
            guard next.perform(record.call, as: record.step) == record.answer else { continue }
            if let whole = extend(order + [record.step], next) { return whole }
        }
        return nil
    }
}
