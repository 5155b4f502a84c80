internal import Seawall

/// P3: nothing is sent into a ban or a Retry-After; no lane is exempt from the scope that the venue named.
///
/// Decisive: a scope that was shut while the bot wanted something.
struct NothingIntoABan: PromiseCheck {
    let promise = Promise.nothingIntoABan
    private(set) var finding = Finding()

    private var shut: [LimitScope: MonotonicInstant] = [:]
    private var isUntried = false

    mutating func observe(_ record: RunRecord) {
        switch record.body {
        case .reply(let reply):
            guard let scope = reply.limitScope, let until = reply.until, until > record.at else { return }
            shut[scope] = max(until, shut[scope] ?? until)
            isUntried = true
        case .call:
            guard isUntried, shut.values.contains(where: { record.at < $0 }) else { return }
            isUntried = false
            finding.checked += 1
        case .request(let request):
            for scope in request.scopes {
                guard let until = shut[scope], record.at < until else { continue }
                finding.accuse(
                    record, "\(request.operation.rawValue) \(request.id) into scope \(scope), shut until \(until)")
            }
        default:
            break
        }
    }
}
