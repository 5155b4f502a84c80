import SeawallBroker
import SeawallTime

/// A broker whose next calls of an operation go as a test has written them; what is not written goes well.
final class ScriptedBroker: InterceptingBroker {
    enum Step: Sendable {
        case pass
        /// The venue hears nothing of it.
        case fail(BrokerError)
        /// The venue does it, and the answer is lost.
        case lose(BrokerError)
        /// The venue does it at once, and the answer takes this long.
        case answerLate(Duration)
        /// The call takes this long to arrive.
        case arriveLate(Duration)
        /// The venue takes an order, and its answer says this of it.
        case answer(OrderStatus)
        /// The call takes this long, and then fails.
        case failLate(Duration, BrokerError)
    }

    private struct State: Sendable {
        var steps: [BrokerOperation: [Step]] = [:]
        var always: [BrokerOperation: Step] = [:]
        var attempts: [(operation: BrokerOperation, at: MonotonicInstant)] = []
        var running: [BrokerOperation: Int] = [:]
        var mostRunning: [BrokerOperation: Int] = [:]
        var headers: [BrokerOperation: [String: String]] = [:]
    }

    let base: any Broker
    private let time: any TimeSource
    private let state = Lock(State())

    init(base: any Broker, time: any TimeSource) {
        self.base = base
        self.time = time
    }

    func next(_ operation: BrokerOperation, _ steps: Step...) {
        state.withLock { $0.steps[operation, default: []] += steps }
    }

    func always(_ operation: BrokerOperation, _ step: Step?) {
        state.withLock { $0.always[operation] = step }
    }

    /// Has the next answer to an operation come with headers.
    func report(_ headers: [String: String], onceFor operation: BrokerOperation) {
        state.withLock { $0.headers[operation] = headers }
    }

    func attempts(of operation: BrokerOperation) -> Int { instants(of: operation).count }

    func instants(of operation: BrokerOperation) -> [MonotonicInstant] {
        state.withLock { state in state.attempts.filter { $0.operation == operation }.map(\.at) }
    }

    var operations: [BrokerOperation] { state.withLock { $0.attempts.map(\.operation) } }

    func mostRunning(_ operation: BrokerOperation) -> Int { state.withLock { $0.mostRunning[operation] ?? 0 } }

    func intercept<Answer: Sendable>(
        _ call: BrokerCall, _ proceed: @Sendable () async throws -> Answer
    ) async throws -> Answer {
        let step = begin(call.operation)
        defer { end(call.operation) }
        if let headers = state.withLock({ $0.headers.removeValue(forKey: call.operation) }) {
            RequestContext.current?.report(headers: headers)
        }
        switch step {
        case .pass:
            return try await proceed()
        case .fail(let error):
            throw error
        case .lose(let error):
            _ = try await proceed()
            throw error
        case .answerLate(let delay):
            let answer = try await proceed()
            try? await time.sleep(for: delay)
            return answer
        case .arriveLate(let delay):
            try? await time.sleep(for: delay)
            return try await proceed()
        case .answer(let status):
            let answer = try await proceed()
            guard var order = answer as? Order else { return answer }
            order.status = status
            return order as? Answer ?? answer
        case .failLate(let delay, let error):
            try? await time.sleep(for: delay)
            throw error
        }
    }

    private func begin(_ operation: BrokerOperation) -> Step {
        state.withLock { state in
            state.attempts.append((operation, time.now))
            let running = (state.running[operation] ?? 0) + 1
            state.running[operation] = running
            state.mostRunning[operation] = max(running, state.mostRunning[operation] ?? 0)
            guard var steps = state.steps[operation], !steps.isEmpty else { return state.always[operation] ?? .pass }
            let step = steps.removeFirst()
            state.steps[operation] = steps
            return step
        }
    }

    private func end(_ operation: BrokerOperation) {
        state.withLock { $0.running[operation, default: 1] -= 1 }
    }
}

extension BrokerError {
    /// The connection broke after bytes had left.
    static let reset = BrokerError(code: .transport, message: "reset by peer", delivery: .maybeSent)

    /// The connection could not be made.
    static let refused = BrokerError(code: .transport, message: "connection refused", delivery: .notSent)

    static func answered(_ venueCode: String, status: Int = 400) -> BrokerError {
        BrokerError(
            code: .answered, message: "no", delivery: .answered, status: status, venueCode: venueCode)
    }

    static func limited(seconds: Int) -> BrokerError {
        BrokerError(code: .answered, message: "slow down", delivery: .answered, status: 429, retryAfter: "\(seconds)")
    }

    static func banned(seconds: Int) -> BrokerError {
        BrokerError(code: .answered, message: "stop", delivery: .answered, status: 418, retryAfter: "\(seconds)")
    }
}
