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
    private let running = Lock(Set<String>())

    init(courier: Courier, configuration: LayerConfiguration) {
        self.courier = courier
        self.configuration = configuration
    }

    /// Begins to probe a breaker, unless that is going on already.
    func watch(_ breaker: CircuitBreaker) {
        let isNew = running.withLock { $0.insert(breaker.name).inserted }
        guard isNew else { return }
        courier.environment.spawner.spawn { [self] in
            // One that opens again while the last round ends was told to a prober that had stopped looking.
            repeat {
                await run(breaker)
                _ = running.withLock { $0.remove(breaker.name) }
            } while !Task.isCancelled && breaker.needsProbes && running.withLock { $0.insert(breaker.name).inserted }
        }
    }

    private func run(_ breaker: CircuitBreaker) async {
        let time = courier.environment.time
        while !Task.isCancelled {
            courier.consequences.follow(breaker.poll())
            switch breaker.state {
            case .closed, .disabled, .isolated:
                return
            case .open:
                let wake = breaker.nextTransition ?? time.now.advanced(by: configuration.orderBreaker.openDuration)
                do { try await time.sleep(until: wake) } catch { return }
            case .halfOpen:
                await probe(breaker)
                do { try await time.sleep(for: .milliseconds(250)) } catch { return }
            }
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

extension CircuitBreaker {
    fileprivate var needsProbes: Bool { state == .open || state == .halfOpen }
}
