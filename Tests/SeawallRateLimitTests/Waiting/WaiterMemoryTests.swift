import Testing

@testable import SeawallRateLimit

/// What one who waits takes of the limiter's memory, beside the caller's task.
@Suite struct WaiterMemoryTests {
    /// A dictionary has room for three quarters of a power of two: just grown, it has more than twice what it needs.
    private func bytes(inDictionaryOf pair: Int) -> Double { Double(pair) * 2 / 0.75 }

    @Test func itIsUnderThreeHundredBytesWhereEveryContainerHasJustGrown() {
        let ticket = MemoryLayout<UInt64>.stride
        let queued = bytes(inDictionaryOf: ticket + MemoryLayout<Request>.stride)
        let suspended = bytes(inDictionaryOf: ticket + MemoryLayout<Suspensions<TurnCome>.State>.stride)
        let line = Double(2 * ticket)
        // Who leaves by another way may stay in the heap: as many as are in line.
        let deadline = Double(4 * MemoryLayout<DeadlineHeap.Node>.stride)
        #expect(queued + suspended + line + deadline <= 300)
        #expect(MemoryLayout<Request>.stride == 16)
        #expect(MemoryLayout<Suspensions<TurnCome>.State>.stride <= 16)
    }
}
