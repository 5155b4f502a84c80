internal import SeawallBroker
internal import SeawallTime

extension JournalRecord {
    /// The record as one JSON object.
    package var json: [UInt8] {
        var writer = JSONWriter()
        switch self {
        case .boot(let boot, let moment):
            writer.add("kind", "boot")
            writer.add("boot", Int64(boot))
            writer.add(moment)
        case .cause(let journalled):
            writer.add("kind", "cause")
            writer.add(journalled)
        case .causeEnded(let key, let id):
            writer.add("kind", "cause_ended")
            writer.add("id", id)
            writer.add(key)
        case .swept(let key, let id):
            writer.add("kind", "swept")
            writer.add("id", id)
            writer.add(key)
        case .intent(let journalled):
            writer.add("kind", "intent")
            writer.add("intent", journalled.intent)
            writer.add("client_id", journalled.clientID)
            writer.add(journalled.request)
            writer.add(journalled.moment)
        case .order(let clientID, let order):
            writer.add("kind", "order")
            writer.add("client_id", clientID)
            writer.add(order)
        case .dropped(let clientID):
            writer.add("kind", "dropped")
            writer.add("client_id", clientID)
        case .amend(let journalled):
            writer.add("kind", "amend")
            writer.add("id", journalled.id)
            writer.add(journalled.request)
            if let leg = journalled.leg { writer.add(leg) }
            writer.add(journalled.moment)
        case .amendEnded(let id):
            writer.add("kind", "amend_ended")
            writer.add("id", id)
        case .gate(let gate):
            writer.add("kind", "gate")
            writer.add("limit_scope", gate.scope)
            writer.add("until", gate.until.nanoseconds)
            writer.add(gate.moment)
        case .gateEnded(let scope):
            writer.add("kind", "gate_ended")
            writer.add("limit_scope", scope)
        case .alert(let alert):
            writer.add("kind", "alert")
            writer.add(alert)
        case .alertEnded(let key):
            writer.add("kind", "alert_ended")
            writer.add("key", key)
        case .breaker(let breaker):
            writer.add("kind", "breaker")
            writer.add(breaker)
        case .breakerEnded(let name):
            writer.add("kind", "breaker_ended")
            writer.add("breaker", name)
        case .memo(let name, let text):
            writer.add("kind", "memo")
            writer.add("name", name)
            writer.add("text", text)
        }
        return writer.closed()
    }

    /// Reads what `json` writes; nil for a kind that this version does not know, and for whatever is no record.
    package init?(json fields: [String: JSONValue]) {
        do {
            try self.init(JournalFields(fields))
        } catch {
            return nil
        }
    }

    private init(_ fields: JournalFields) throws(JournalFields.Unreadable) {
        switch try fields.text("kind") {
        case "boot":
            guard let boot = Int(exactly: try fields.number("boot")), boot >= 0 else {
                throw JournalFields.Unreadable()
            }
            self = .boot(boot, try fields.moment())
        case "cause": self = .cause(try fields.cause())
        case "cause_ended": self = .causeEnded(try fields.causeKey(), id: try fields.text("id"))
        case "swept": self = .swept(try fields.causeKey(), id: try fields.text("id"))
        case "intent":
            self = .intent(
                JournalledIntent(
                    request: try fields.request(), intent: try fields.identifier("intent"),
                    clientID: try fields.identifier("client_id"), moment: try fields.moment()))
        case "order": self = .order(try fields.identifier("client_id"), try fields.order())
        case "dropped": self = .dropped(try fields.identifier("client_id"))
        case "amend":
            self = .amend(
                JournalledAmend(
                    id: try fields.text("id"), request: try fields.amend(), leg: try fields.leg(),
                    moment: try fields.moment()))
        case "amend_ended": self = .amendEnded(id: try fields.text("id"))
        case "gate":
            self = .gate(
                JournalledGate(
                    scope: try fields.identifier("limit_scope"), until: try fields.instant("until"),
                    moment: try fields.moment()))
        case "gate_ended": self = .gateEnded(try fields.identifier("limit_scope"))
        case "alert": self = .alert(try fields.alert())
        case "alert_ended": self = .alertEnded(key: try fields.text("key"))
        case "breaker": self = .breaker(try fields.breaker())
        case "breaker_ended": self = .breakerEnded(name: try fields.text("breaker"))
        case "memo": self = .memo(name: try fields.text("name"), text: try fields.text("text"))
        default: throw JournalFields.Unreadable()
        }
    }
}

extension JSONWriter {
    fileprivate mutating func add(_ alert: JournalledAlert) {
        add("key", alert.key)
        add("episode", alert.episode)
        add("code", alert.code)
        add("severity", alert.severity)
        add("message", alert.message)
        add("causes", alert.causes)
        add("scope", alert.scope)
    }

    fileprivate mutating func add(_ breaker: JournalledBreaker) {
        add("breaker", breaker.name)
        add("state", breaker.kind)
        add("reason", breaker.reason)
        add("until", breaker.until?.nanoseconds)
        add(breaker.moment)
    }
}

extension JournalFields {
    fileprivate func alert() throws(Unreadable) -> JournalledAlert {
        JournalledAlert(
            key: try text("key"), episode: try text("episode"), code: try text("code"), severity: try text("severity"),
            message: try text("message"), causes: try texts("causes"), scope: try text("scope"))
    }

    fileprivate func breaker() throws(Unreadable) -> JournalledBreaker {
        JournalledBreaker(
            name: try text("breaker"), kind: try text("state"), reason: try text("reason"),
            until: try optionalNumber("until").map { MonotonicInstant(nanoseconds: $0) }, moment: try moment())
    }
}
