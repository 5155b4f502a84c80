/// Of which episodes something may still be on its way to a sink, and what began before any sink was there.
struct HeardLedger: Sendable {
    /// What the sinks have heard of a key: all there is.
    struct Settled: Sendable {
        var key: String
        /// The open episode; nil where it has ended.
        var open: Alert?
    }

    /// Nothing is noted where nobody asks.
    var isKept = false
    private var unsettled: [String: String] = [:]
    private var unheard: [Alert] = []

    mutating func note(_ alert: Alert, _ key: String, anybodyThere: Bool) {
        guard isKept else { return }
        unsettled[alert.episode] = key
        if alert.event == .end { unheard.removeAll { $0.episode == alert.episode } }
        if !anybodyThere, alert.event == .begin { unheard.append(alert) }
    }

    /// What the first sink is to hear.
    mutating func takeUnheard() -> [Alert] {
        defer { unheard = [] }
        return unheard
    }

    /// The episodes, with their keys, of which nothing is on its way any more.
    mutating func takeSettled(_ queues: [SinkQueue]) -> [(id: String, key: String)] {
        let settled = unsettled.filter { id, _ in
            !unheard.contains { $0.episode == id } && !queues.contains { $0.holds(id) }
        }
        for id in settled.keys { unsettled[id] = nil }
        return settled.sorted { $0.key < $1.key }.map { (id: $0.key, key: $0.value) }
    }
}
