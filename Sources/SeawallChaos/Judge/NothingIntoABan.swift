internal import Seawall

/// P3: nothing is sent into a ban or a Retry-After; no lane is exempt from the scope that the venue named.
///
/// A process that comes back knows of it, unless the disk had failed. Decisive: a scope that was shut while the bot wanted
/// something of it, once for each time it was shut.
struct NothingIntoABan: PromiseCheck {
    let promise = Promise.nothingIntoABan
    private(set) var finding = Finding()

    private var shut: [LimitScope: MonotonicInstant] = [:]
    private var untried: Set<LimitScope> = []
    private var scopes: [BrokerOperation: [LimitScope]] = [:]
    /// True where the disk has refused something, so that a process that comes back may not know what is shut.
    private var isUnwritten = false

    mutating func observe(_ record: RunRecord) {
        switch record.body {
        case .reply(let reply):
            guard let scope = reply.limitScope, let until = reply.until, until > record.at else { return }
            shut[scope] = max(until, shut[scope] ?? until)
            untried.insert(scope)
        case .call(let call):
            guard !untried.isEmpty else { return }
            // Which scopes a call falls under is known from requests of its kind; every one comes from an address.
            for scope in scopes[call.operation] ?? [.ip] {
                guard let until = shut[scope], record.at < until, untried.remove(scope) != nil else { continue }
                finding.checked += 1
            }
        case .request(let request):
            if scopes[request.operation] == nil { scopes[request.operation] = request.scopes }
            for scope in request.scopes {
                guard let until = shut[scope], record.at < until else { continue }
                finding.accuse(
                    record, "\(request.operation.rawValue) \(request.id) into scope \(scope), shut until \(until)")
            }
        case .disk(let disk) where disk.outcome != .done:
            isUnwritten = true
            if disk.operation == .read { shut = [:] }
        case .restart:
            if isUnwritten { shut = [:] }
            isUnwritten = false
        default:
            break
        }
    }
}
