import SeawallRateLimit

/// What a venue has counted, from the list of everything that arrived; nothing clever.
struct NaiveVenueCounter {
    enum Shape: CaseIterable {
        case rolling, fixed, decay
    }

    let shape: Shape
    let window: Int64
    /// Of a counter that falls: how much in one window.
    let limit: Int
    /// Where fixed windows begin.
    var offset: Int64 = 0
    var arrivals: [(at: Int64, weight: Int)] = []

    /// What is used at an instant, with all that arrived by then; in parts of a unit for a counter that falls.
    func parts(at now: Int64) -> Int128 {
        let arrived = arrivals.filter { $0.at <= now }.sorted { $0.at < $1.at }
        switch shape {
        case .rolling:
            return Int128(arrived.filter { $0.at > now - window }.reduce(0) { $0 + $1.weight })
        case .fixed:
            let begin = now - (((now - offset) % window) + window) % window
            return Int128(arrived.filter { $0.at >= begin }.reduce(0) { $0 + $1.weight })
        case .decay:
            var level: Int128 = 0
            var last = Int64.min
            for arrival in arrived {
                level = max(0, level - (Int128(arrival.at) - Int128(last)) * Int128(limit))
                level += Int128(arrival.weight) * Int128(window)
                last = arrival.at
            }
            return max(0, level - (Int128(now) - Int128(last)) * Int128(limit))
        }
    }

    /// In whole units, rounded up as a server writes it.
    func used(at now: Int64) -> Int {
        let unit = shape == .decay ? Int128(window) : 1
        return Int((parts(at: now) + unit - 1) / unit)
    }

    /// Whether some instant saw more than `most`; only an arrival can be the first.
    func everExceeds(_ most: Int) -> Bool {
        let arrived = arrivals.sorted { $0.at < $1.at }
        var level: Int128 = 0
        for (index, arrival) in arrived.enumerated() {
            if shape == .decay {
                if index > 0 {
                    level = max(0, level - Int128(arrival.at - arrived[index - 1].at) * Int128(limit))
                }
                level += Int128(arrival.weight) * Int128(window)
                if level > Int128(most) * Int128(window) { return true }
                continue
            }
            let begin =
                shape == .rolling
                ? arrival.at - window + 1 : arrival.at - (((arrival.at - offset) % window) + window) % window
            var sum = 0
            var earlier = index
            while earlier >= 0, arrived[earlier].at >= begin {
                sum += arrived[earlier].weight
                earlier -= 1
            }
            if sum > most { return true }
        }
        return false
    }
}

extension NaiveVenueCounter.Shape {
    var bucket: BucketConfiguration.Shape { self == .decay ? .decay : .window }
}
