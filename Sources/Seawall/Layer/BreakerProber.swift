internal import SeawallBroker
internal import SeawallCircuitBreaker
internal import SeawallRateLimit
internal import SeawallTime

/// Brings an open breaker back by evidence: sends a read as its probe when it may, until it closes.
///
/// The probe never places anything, and while trading is restricted nobody else would come to try.
final class BreakerProber: Sendable {
    private let courier: Courier
    private let configuration: LayerConfiguration
    private let watches = Lock([String: Watch]())

    /// A breaker that is being brought back.
    private struct Watch: Sendable {
        /// How often the breaker has moved since.
        var moves = 0
        /// What sleeps until time moves it on.
        var nap: Task<Void, Never>?
    }

    init(courier: Courier, configuration: LayerConfiguration) {
        self.courier = courier
        self.configuration = configuration
    }

    /// Begins to probe a breaker, unless that is going on already: then it looks at the breaker anew.
    func watch(_ breaker: CircuitBreaker) {
        let (isNew, nap) = watches.withLock { watches -> (Bool, Task<Void, Never>?) in
            guard var watch = watches[breaker.name] else {
                watches[breaker.name] = Watch()
                return (true, nil)
            }
            watch.moves &+= 1
            watches[breaker.name] = watch
            return (false, watch.nap)
        }
        // What it waits for may have changed: an operator can make it shorter.
        nap?.cancel()
        if isNew { courier.environment.spawner.spawn { [self] in await run(breaker) } }
    }

    private func run(_ breaker: CircuitBreaker) async {
        let time = courier.environment.time
        while !Task.isCancelled {
            let moves = watches.withLock { $0[breaker.name]?.moves ?? 0 }
            breaker.poll()
            switch breaker.state {
            case .open, .isolated:
                if let wake = breaker.nextTransition {
                    await sleep(until: wake, breaker.name, unlessMovedSince: moves)
                } else if ends(breaker.name, unlessMovedSince: moves) {
                    return
                }
            case .halfOpen:
                await probe(breaker)
                do { try await time.sleep(for: .milliseconds(250)) } catch { return }
            case .closed, .disabled:
                // One that moves again just now was told to a prober that had stopped looking.
                if ends(breaker.name, unlessMovedSince: moves) { return }
            }
        }
    }

    private func sleep(until wake: MonotonicInstant, _ name: String, unlessMovedSince moves: Int) async {
        let time = courier.environment.time
        let nap = courier.environment.spawner.spawn { try? await time.sleep(until: wake) }
        let isWanted = watches.withLock { watches in
            guard watches[name]?.moves == moves else { return false }
            watches[name]?.nap = nap
            return true
        }
        if !isWanted { nap.cancel() }
        await nap.value
    }

    private func ends(_ name: String, unlessMovedSince moves: Int) -> Bool {
        watches.withLock { watches in
            guard watches[name]?.moves == moves else { return false }
            watches[name] = nil
            return true
        }
    }

    private func probe(_ breaker: CircuitBreaker) async {
        var parcel = Parcel<OrderPage>(
            BrokerCall(.openOrders), lane: .resolve, origin: .library(episode: "probe:\(breaker.name)"),
            timeout: configuration.readTimeout
        ) { try await $0.openOrders(for: nil, page: nil) }
        parcel.breaker = breaker
        _ = await courier.carry(parcel)
    }
}
