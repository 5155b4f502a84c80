internal import Foundation
internal import SeawallBackoff
internal import SeawallMetrics
internal import SeawallTime

extension OTLPExporter {
    /// The answers that say come again; OTLP names these four and no other.
    private static let passing: Set<Int> = [429, 502, 503, 504]

    /// Does an errand and all that follow from it.
    func run(_ first: OTLPQueue.Errand) async {
        var errand = first
        while true {
            switch errand {
            case .none: return
            case .wait(let until, let number):
                do { try await environment.time.sleep(until: until) } catch { return }
                errand = storage.withLock { $0.core.wake(number, environment.time.now) }
            case .carry(let spans):
                let outcome = await deliver(spans)
                let (next, waiters) = storage.withLock { storage in
                    let next = storage.core.settle(outcome, environment.time.now)
                    return (next, storage.takeSettledWaiters())
                }
                errand = next
                for waiter in waiters { waiter.continuation.resume() }
            }
        }
    }

    private func deliver(_ spans: [FinishedSpan]) async -> OTLPQueue.Outcome {
        let request = TraceRequest(serviceName: configuration.serviceName, resource: configuration.resource)
        let post = HTTPPost(
            url: target, headers: headers, body: request.body(spans), timeout: configuration.timeout, readsAnswer: true)
        do {
            let answer = try await retry(
                configuration.retry, environment: environment, effect: .keyedCreate,
                classify: { ($0 as? ExportError)?.decision ?? .retryIfIdempotent }
            ) { [self] _ in
                let answer = try await within(configuration.timeout, of: environment.time) { [transport] in
                    try await transport.send(post)
                }
                try answer.requireSuccess(by: environment.time) { status in
                    (isFinal: !Self.passing.contains(status), failure: status == 429 ? .throttled : .ambiguous)
                }
                return TraceAnswer(answer.body)
            }
            return .delivered(rejected: answer.rejected, message: answer.message)
        } catch {
            let last = (error as? BackoffExhausted)?.lastError ?? error
            let why = last is CancellationError ? "cancelled: the exporter was shut down" : "\(last)"
            return .failed(why, notBefore: (last as? ExportError)?.retryAfter)
        }
    }

    private var headers: [String: String] {
        var headers = configuration.headers.filter { $0.key.lowercased() != "content-type" }
        headers["Content-Type"] = "application/json"
        if !headers.keys.contains(where: { $0.lowercased() == "user-agent" }) { headers["User-Agent"] = "seawall" }
        return headers
    }
}
