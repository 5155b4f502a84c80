import Seawall
import SeawallChaos

/// What a person wants to see of a run, in order: pauses, limits, breakers, unknowns and their ends, alerts, and faults
/// in summary.
struct Timeline: Sendable {
    /// One line, and when.
    struct Entry: Equatable, Sendable {
        var at: MonotonicInstant
        var text: String
    }

    /// What is known of an order whose outcome is not.
    private struct Doubt: Sendable {
        var since: MonotonicInstant
        var questions = 0
        var lastAnswer: String?
    }

    /// What an entry is about.
    enum Kind: Hashable, Sendable {
        case faults, permission, limit, breaker, unknown, alert
    }

    /// How many entries of a kind are kept: of what happens all the time the first are enough.
    static let most = 8

    /// Faults are summed up over so long.
    private static let span: Duration = .seconds(600)

    private(set) var entries: [Entry] = []

    /// How many entries were not kept.
    private(set) var omitted = 0

    private var kept: [Kind: Int] = [:]

    private var faults: [String: Int] = [:]
    private var faultsEnd = MonotonicInstant.origin
    private var doubts: [ClientOrderID: Doubt] = [:]
    private var questions: [String: ClientOrderID] = [:]

    mutating func observe(_ record: RunRecord) {
        if !faults.isEmpty, record.at >= faultsEnd { sumUpFaults(at: faultsEnd) }
        switch record.body {
        case .fault(let fault):
            if faults.isEmpty { faultsEnd = record.at.advanced(by: Self.span) }
            faults["\(fault.fault) \(fault.operation.rawValue)", default: 0] += 1
        case .request(let request):
            if request.operation == .query, let client = request.clientID, doubts[client] != nil {
                doubts[client]?.questions += 1
                questions[request.id] = client
            }
        case .reply(let reply):
            if let client = questions.removeValue(forKey: reply.id) {
                doubts[client]?.lastAnswer = reply.outcome ?? reply.event.rawValue
            }
        case .layer(let event):
            observe(event, record.at)
        case .alert(let alert, _):
            add(
                .alert, record.at,
                "alert \(alert.event.rawValue): \(alert.severity.rawValue) \(alert.code) \(alert.message)")
        case .end:
            sumUpFaults(at: record.at)
            for (client, doubt) in doubts.sorted(by: { $0.key < $1.key }) {
                add(.unknown, record.at, "order \(client) still unknown since \(Self.clock(doubt.since))")
            }
        default:
            break
        }
    }

    private mutating func observe(_ event: LayerEvent, _ now: MonotonicInstant) {
        switch event {
        case .permission(let change):
            let until = change.until.map { ", until \(Self.clock($0))" } ?? ""
            let isEnd = change.event == .cleared || change.event == .expired
            let cause = "\(change.scope) \(change.level.rawValue) \(change.event.rawValue): \(change.code)"
            add(.permission, now, cause + (isEnd ? "" : until))
        case .limited(let scope, let until):
            add(.limit, now, "limited: \(scope) until \(Self.clock(until))")
        case .breaker(let transition):
            add(.breaker, now, "breaker \(transition.name): \(transition.from.rawValue) to \(transition.to.rawValue)")
        case .order(let change):
            observe(change, now)
        case .sweep(let sweep):
            let orders = sweep.orders.isEmpty ? "" : ", \(sweep.orders.count) orders"
            add(.permission, now, "sweep of \(sweep.scope) for \(sweep.cause): \(sweep.step.rawValue)\(orders)")
        }
    }

    private mutating func observe(_ change: LedgerChange, _ now: MonotonicInstant) {
        guard change.state != .unknown else {
            if doubts[change.clientID] == nil { doubts[change.clientID] = Doubt(since: now) }
            return
        }
        guard let doubt = doubts.removeValue(forKey: change.clientID) else { return }
        let seconds = Self.seconds(doubt.since.duration(to: now))
        let evidence =
            switch (doubt.questions, doubt.lastAnswer) {
            case (0, _): "without a question"
            case (let count, nil): "by other evidence, \(count) questions on their way"
            case (let count, let answer?): "after \(count) \(count == 1 ? "question" : "questions"), last \(answer)"
            }
        add(.unknown, now, "unknown \(change.intent): \(change.state.rawValue) after \(seconds) s, \(evidence)")
    }

    private mutating func sumUpFaults(at instant: MonotonicInstant) {
        guard !faults.isEmpty else { return }
        let parts = faults.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        add(.faults, instant, "faults: " + parts.joined(separator: ", "))
        faults = [:]
    }

    private mutating func add(_ kind: Kind, _ instant: MonotonicInstant, _ text: String) {
        guard kept[kind, default: 0] < Self.most else {
            omitted += 1
            return
        }
        kept[kind, default: 0] += 1
        entries.append(Entry(at: instant, text: text))
    }

    /// Hours, minutes and seconds of the run.
    static func clock(_ instant: MonotonicInstant) -> String {
        if instant == .distantFuture { return "for ever" }
        let seconds = max(0, instant.nanoseconds) / 1_000_000_000
        let parts = [seconds / 60 % 60, seconds % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
        return "\(seconds / 3_600):" + parts.joined(separator: ":")
    }

    /// Seconds with one digit behind the point.
    private static func seconds(_ duration: Duration) -> String {
        let tenths = duration.wholeNanoseconds / 100_000_000
        return "\(tenths / 10).\(tenths % 10)"
    }
}
