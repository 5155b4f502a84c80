public import Seawall

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// Stands between a bot and its guarded broker and writes down what the bot asks and what it is told.
public struct RecordingFace: InterceptingBroker {
    /// The guarded broker.
    public let base: any Broker

    private let pen: RunPen
    private let names: RunNames
    private let world: SimulatedWorld

    init(base: any Broker, pen: RunPen, names: RunNames, world: SimulatedWorld) {
        self.base = base
        self.pen = pen
        self.names = names
        self.world = world
    }

    /// Writes the call, makes it, and writes its result.
    public func intercept<Answer: Sendable>(
        _ call: BrokerCall, _ proceed: @Sendable () async throws -> Answer
    ) async throws -> Answer {
        await world.interleave()
        try pen.fence?.check()
        let id = names.call()
        pen.append(.call(CallRecord(id: id, call: call)))
        do {
            let answer = try await CurrentCall.$id.withValue(id) { try await proceed() }
            pen.append(.result(ResultRecord(call: id, call.operation, answered: answer)))
            return answer
        } catch {
            pen.append(.result(ResultRecord(call: id, thrown: error)))
            throw error
        }
    }
}

extension CallRecord {
    init(id: String, call: BrokerCall) {
        self.init(id: id, operation: call.operation)
        let order = call.order
        intent = order?.intent
        targets = call.targets.map(\.description)
        symbol = call.symbol
        side = order?.side
        quantity = order?.quantity.amount ?? call.amend?.quantity
        isInQuote = order?.quantity.isInQuote ?? false
        isReduceOnly = order?.isReduceOnly ?? false
        strategy = order?.strategy
        account = order?.account
    }
}

extension OrderQuantity {
    var isInQuote: Bool {
        switch self {
        case .base: false
        case .quote: true
        }
    }
}

extension ResultRecord {
    /// Placing a known intent returns its order in whatever state it is: the record says what the bot was told of it.
    init(call: String, _ operation: BrokerOperation, answered answer: some Sendable) {
        self.init(call: call, answer: .accepted)
        if let results = answer as? [CancelResult] { tell(results) }
        guard operation == .place, let order = answer as? Order else { return }
        switch order.status {
        case .prepared, .sent, .unknown:
            self.answer = .unknown
            reason = "known intent is \(order.status.rawValue)"
        case .rejected:
            self.answer = .rejected
            reason = "known intent is \(order.status.rawValue)"
        case .acknowledged, .working, .filled, .cancelled, .expired: break
        }
    }

    /// A batch is done where each of its orders is; unknown where one of them is.
    private mutating func tell(_ results: [CancelResult]) {
        let failures = results.compactMap { result -> BrokerError? in
            if case .failure(let error) = result.result { error } else { nil }
        }
        guard !failures.isEmpty else { return }
        let codes = failures.map { ($0.cause as? GuardError)?.code }
        if codes.contains(.outcomeUnknown) {
            answer = .unknown
        } else if failures.count == results.count, codes.allSatisfy({ $0 == .notSent || $0 == .denied }) {
            answer = .denied
        } else {
            answer = .threw
        }
        let names = zip(codes, failures).map { $0?.rawValue ?? $1.code.rawValue }
        let counts = Dictionary(grouping: names, by: \.self).mapValues(\.count).sorted { $0.key < $1.key }
        reason = "of \(results.count) " + counts.map { "\($0.value) \($0.key)" }.joined(separator: " ")
    }

    init(call: String, thrown error: any Error) {
        guard let error = error as? GuardError else {
            self.init(call: call, answer: .threw, reason: "\(type(of: error))")
            return
        }
        let answer: Answer =
            switch error.code {
            case .denied, .invalid, .notSent, .intentReused: .denied
            case .rejected: .rejected
            case .outcomeUnknown: .unknown
            default: .threw
            }
        self.init(call: call, answer: answer, reason: ([error.code.rawValue] + error.reasons).joined(separator: " "))
    }
}
