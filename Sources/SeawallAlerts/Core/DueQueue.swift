internal import SeawallTime

/// When something of each episode is due, soonest first: a heap in which what has changed since stays until it is met.
struct DueQueue: Sendable {
    private struct Entry: Sendable {
        var due: MonotonicInstant
        var number: UInt64
        var key: String

        func isBefore(_ other: Entry) -> Bool { (due, number) < (other.due, other.number) }
    }

    private var heap: [Entry] = []

    /// The number of entries, old ones among them.
    var count: Int { heap.count }

    /// Notes when an episode is due now.
    mutating func note(_ key: String, _ episode: Episode) {
        guard let due = episode.due else { return }
        heap.append(Entry(due: due, number: episode.number, key: key))
        var child = heap.count - 1
        while child > 0, heap[child].isBefore(heap[(child - 1) / 2]) {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    /// The soonest due instant among the episodes that there are.
    mutating func first(of episodes: [String: Episode]) -> MonotonicInstant? {
        while let entry = heap.first {
            if Self.holds(entry, episodes) { return entry.due }
            removeFirst()
        }
        return nil
    }

    /// Takes out the keys of the episodes that are due at `now`, in the order in which these began.
    mutating func takeDue(at now: MonotonicInstant, of episodes: [String: Episode]) -> [String] {
        var due: [UInt64: String] = [:]
        while let entry = heap.first, entry.due <= now {
            if Self.holds(entry, episodes) { due[entry.number] = entry.key }
            removeFirst()
        }
        return due.sorted { $0.key < $1.key }.map(\.value)
    }

    /// Drops what has changed since, once it is more than what holds.
    mutating func tidy(_ episodes: [String: Episode]) {
        guard heap.count > 2 * episodes.count + 64 else { return }
        heap = []
        for (key, episode) in episodes.sorted(by: { $0.value.number < $1.value.number }) { note(key, episode) }
    }

    private static func holds(_ entry: Entry, _ episodes: [String: Episode]) -> Bool {
        guard let episode = episodes[entry.key] else { return false }
        return episode.number == entry.number && episode.due == entry.due
    }

    private mutating func removeFirst() {
        let last = heap.removeLast()
        guard !heap.isEmpty else { return }
        heap[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < heap.count && heap[child].isBefore(heap[least]) {
                least = child
            }
            if least == parent { return }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
