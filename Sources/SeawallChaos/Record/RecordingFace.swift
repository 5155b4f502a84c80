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

    private let log: RunLog
    private let names: RunNames

    init(base: any Broker, log: RunLog, names: RunNames) {
        self.base = base
        self.log = log
        self.names = names
    }

    /// Writes the call, makes it, and writes its result.
    public func intercept<Answer: Sendable>(
        _ call: BrokerCall, _ proceed: @Sendable () async throws -> Answer
    ) async throws -> Answer {
        let id = names.call()
        log.append(.call(CallRecord(id: id, call: call)))
        do {
            let answer = try await CurrentCall.$id.withValue(id) { try await proceed() }
            log.append(.result(ResultRecord(call: id, answered: answer)))
            return answer
        } catch {
            log.append(.result(ResultRecord(call: id, thrown: error)))
            throw error
        }
    }
}

extension CallRecord {
    init(id: String, call: BrokerCall) {
        let amended = call.amend?.quantity
        self.init(
            id: id, operation: call.operation, intent: call.order?.intent,
            target: call.targets.isEmpty ? nil : call.targets.map(\.description).joined(separator: ","),
            symbol: call.symbol, side: call.order?.side, quantity: call.order?.quantity.amount ?? amended,
            isReduceOnly: call.order?.isReduceOnly ?? false, strategy: call.order?.strategy,
            account: call.order?.account)
    }
}

extension ResultRecord {
    /// An order may come back with a status that is no success: the record says what the bot was told.
    init(call: String, answered answer: some Sendable) {
        switch (answer as? Order)?.status {
        case .unknown: self.init(call: call, answer: .unknown, reason: "known intent")
        case .rejected: self.init(call: call, answer: .rejected, reason: "known intent")
        default: self.init(call: call, answer: .accepted, reason: nil)
        }
    }

    init(call: String, thrown error: any Error) {
        guard let error = error as? GuardError else {
            self.init(call: call, answer: .threw, reason: "\(type(of: error))")
            return
        }
        let answer: Answer =
            switch error.code {
            case .denied, .invalid, .notSent: .denied
            case .rejected: .rejected
            case .outcomeUnknown: .unknown
            default: .threw
            }
        self.init(call: call, answer: answer, reason: ([error.code.rawValue] + error.reasons).joined(separator: " "))
    }
}
