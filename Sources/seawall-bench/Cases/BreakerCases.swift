import SeawallCircuitBreaker
import SeawallTime

/// The circuit breaker: what a call costs that changes nothing, and what a refusal costs.
enum BreakerCases {
    static func all() throws -> [BenchCase] {
        let consecutive = try CircuitBreaker(name: "bench")
        let counting = try CircuitBreaker(name: "bench", configuration: rated(.init(window: .calls(100))))
        let mixed = try CircuitBreaker(name: "bench", configuration: rated(.init(window: .calls(100))))
        let timed = try CircuitBreaker(name: "bench", configuration: rated(seconds(.precise)))
        let coarse = try CircuitBreaker(name: "bench", configuration: rated(seconds(.coarse)))
        let cases = [
            successes(
                of: consecutive, "breaker.consecutive", baseline: "baseline.atomic-add",
                note: "closed: take a ticket, and record a success"),
            BenchCase.sync(
                "breaker.consecutive-permit", onThreads: [1, 2, 4], baseline: "baseline.atomic-add",
                note: "the same with a permit that hands itself back"
            ) { operations in
                for _ in 0..<operations {
                    do { consecutive.record(.success, for: try consecutive.permit()) } catch { keep(error) }
                }
            },
            BenchCase.sync(
                "breaker.consecutive-decision", onThreads: [1, 2, 4], baseline: "baseline.atomic-add",
                note: "the same with the whole decision, transitions among it"
            ) { operations in
                for _ in 0..<operations {
                    if let ticket = consecutive.admit().ticket { consecutive.record(.success, for: ticket) }
                }
            },
            successes(
                of: counting, "breaker.count-window", baseline: "baseline.lock",
                note: "the same, failure rate of the last 100 calls"),
            BenchCase.sync(
                "breaker.count-window-mixed", onThreads: [1, 2, 4], baseline: "baseline.lock",
                note: "the same, every tenth call a failure"
            ) { operations in
                for call in 0..<operations {
                    let result: CircuitBreaker.CallResult = call % 10 == 0 ? .failure : .success
                    do { mixed.record(result, for: try mixed.ticket()) } catch { keep(error) }
                }
            },
            successes(
                of: timed, "breaker.time-window", baseline: "baseline.clock",
                note: "the same, failure and slow-call rate of the last 10 s"),
            successes(
                of: coarse, "breaker.time-window-coarse", baseline: "baseline.coarse-clock",
                note: "the same on the coarse clock"),
        ]
        return cases.flatMap(\.self)
            + [try rejections(), try permitRejections(), try failures(), try asyncRun()].flatMap(\.self)
    }

    private static func rated(_ rates: CircuitBreakerConfiguration.Rates) -> CircuitBreakerConfiguration {
        CircuitBreakerConfiguration(consecutiveFailures: nil, rates: rates)
    }

    private static func seconds(
        _ clock: CircuitBreakerConfiguration.Rates.Clock
    ) -> CircuitBreakerConfiguration.Rates {
        .init(window: .time(.seconds(10)), minimumCalls: 20, slowCallsPerMille: 500, clock: clock)
    }

    private static func successes(
        of breaker: CircuitBreaker, _ name: String, baseline: String, note: String
    ) -> [BenchCase] {
        BenchCase.sync(name, onThreads: [1, 2, 4], baseline: baseline, note: note) { operations in
            for _ in 0..<operations {
                do { breaker.record(.success, for: try breaker.ticket()) } catch { keep(error) }
            }
        }
    }

    private static func rejections() throws -> [BenchCase] {
        let open = CircuitBreakerConfiguration(
            consecutiveFailures: 1, openDuration: .seconds(86_400), openDurationCap: .seconds(86_400),
            openDurationJitter: 0)
        let breaker = try CircuitBreaker(name: "bench", configuration: open)
        if let ticket = breaker.admit().ticket { breaker.record(.failure, for: ticket) }
        return BenchCase.sync(
            "breaker.rejection", onThreads: [1, 2, 4], baseline: "baseline.clock", note: "open: ask for a ticket"
        ) { operations in
            var refused = 0
            for _ in 0..<operations {
                do throws(CircuitBreaker.Rejection) {
                    keep(try breaker.ticket())
                } catch {
                    if error.state == .open { refused &+= 1 }
                }
            }
            keep(refused)
        }
    }

    private static func permitRejections() throws -> [BenchCase] {
        let breaker = try CircuitBreaker(name: "bench")
        breaker.isolate(reason: "bench")
        return BenchCase.sync(
            "breaker.rejection-isolated", onThreads: [1, 2, 4], baseline: "baseline.lock",
            note: "isolated: ask for a permit, and be told the operator's words"
        ) { operations in
            var refused = 0
            for _ in 0..<operations {
                do throws(CircuitBreaker.Rejection) {
                    breaker.record(.ignored, for: try breaker.permit())
                } catch {
                    if error.detail != nil { refused &+= 1 }
                }
            }
            keep(refused)
        }
    }

    private static func failures() throws -> [BenchCase] {
        var configuration = CircuitBreakerConfiguration.general
        configuration.consecutiveFailures = .max
        let breaker = try CircuitBreaker(name: "bench", configuration: configuration)
        return BenchCase.sync(
            "breaker.failure", onThreads: [1, 2, 4], baseline: "baseline.clock",
            note: "closed: admit, and record a failure"
        ) { operations in
            for _ in 0..<operations {
                if let ticket = breaker.admit().ticket { breaker.record(.failure, for: ticket) }
            }
        }
    }

    private static func asyncRun() throws -> [BenchCase] {
        let breaker = try CircuitBreaker(name: "bench")
        return BenchCase.async(
            "breaker.run", onThreads: [1, 2, 4], baseline: "baseline.async-call",
            note: "closed, consecutive: run around a success"
        ) { operations in
            let call = opaque { (value: Int) async throws -> Int in value &+ 1 }
            var value = 0
            for _ in 0..<operations {
                let input = value
                value = try await breaker.run { try await call(input) }
            }
            keep(value)
        }
    }
}
