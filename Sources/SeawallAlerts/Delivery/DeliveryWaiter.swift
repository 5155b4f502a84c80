/// Somebody who waits until what was accepted by then has been settled.
struct DeliveryWaiter: Sendable {
    let id: UInt64

    /// For each sink, how many alerts its queue had accepted.
    let targets: [UInt64: UInt64]
    let continuation: UnsafeContinuation<Void, Never>
}

extension AlertCore {
    /// For each sink with something outstanding, how many alerts its queue has accepted.
    var outstanding: [UInt64: UInt64] {
        var targets: [UInt64: UInt64] = [:]
        for queue in queues where queue.settled < queue.accepted { targets[queue.id] = queue.accepted }
        return targets
    }

    /// Whether every sink that is still there has settled what the targets name.
    func hasSettled(_ targets: [UInt64: UInt64]) -> Bool {
        queues.allSatisfy { $0.settled >= targets[$0.id] ?? 0 }
    }
}
