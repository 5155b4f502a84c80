internal import SeawallTime

/// Where the threads of a crew wait for each other, so that all of them begin a round at once.
package final class Rendezvous: Sendable {
    private let size: Int
    private let arrived = Lock(0)

    package init(_ size: Int) { self.size = size }

    /// Waits until all have come to a round; rounds count from 0, and everybody comes to each of them.
    package func meet(round: Int) {
        arrived.withLock { $0 += 1 }
        var looks = 0
        while arrived.withLock({ $0 }) < (round + 1) * size {
            // Who gives way at once comes back when the others are through.
            looks += 1
            if looks > 500 { Crew.stepAside() }
        }
    }
}
