import SeawallTime
import Testing

@Suite struct LockTests {
    private final class Counter: Sendable {
        let state = Lock((count: 0, mirror: 0))
    }

    private struct Refusal: Error {}

    @Test func losesNothingUnderContention() async {
        let counter = Counter()
        let torn = await withTaskGroup(of: Int.self, returning: Int.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    var torn = 0
                    for _ in 0..<5_000 {
                        torn += counter.state.withLock { state in
                            let isTorn = state.count != state.mirror
                            state.count += 1
                            state.mirror += 1
                            return isTorn ? 1 : 0
                        }
                    }
                    return torn
                }
            }
            return await group.reduce(0, +)
        }
        #expect(torn == 0)
        #expect(counter.state.withLock { $0.count } == 40_000)
    }

    @Test func isReleasedWhenItsBodyThrows() {
        let lock = Lock(0)
        for _ in 0..<2 {
            #expect(throws: Refusal.self) {
                try lock.withLock { value throws(Refusal) in
                    value += 1
                    throw Refusal()
                }
            }
        }
        #expect(lock.withLock { $0 } == 2)
    }
}
