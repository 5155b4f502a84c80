internal import SeawallBroker
internal import SeawallTime

extension JSONWriter {
    mutating func add(_ journalled: JournalledCause) {
        let cause = journalled.cause
        add("id", cause.record)
        add(cause.key)
        add("level", cause.level.rawValue)
        switch cause.release {
        case .at(let until):
            add("release", "at")
            add("until", until.nanoseconds)
        case .whenCleared: add("release", "when_cleared")
        case .byHand: add("release", "by_hand")
        }
        add("code", cause.code)
        add("message", cause.message)
        add("evidence", cause.evidence)
        add("episode", cause.episode)
        add("raised_at", cause.raisedAt.nanoseconds)
        add(journalled.moment)
    }

    /// Word and name apart: no name is so odd that it could not be read back.
    mutating func add(_ key: CauseKey) {
        add("cause", key.id)
        switch key.scope {
        case .global: add("scope", "global")
        case .account(let account):
            add("scope", "account")
            add("name", account)
        case .symbol(let symbol):
            add("scope", "symbol")
            add("name", symbol)
        case .strategy(let strategy):
            add("scope", "strategy")
            add("name", strategy)
        }
    }
}

extension JournalFields {
    func cause() throws(Unreadable) -> JournalledCause {
        let cause = Cause(
            key: try causeKey(), record: try text("id"), level: try word("level"), release: try release(),
            code: try identifier("code"), message: try text("message"), evidence: try texts("evidence"),
            episode: try text("episode"), raisedAt: try instant("raised_at"))
        return JournalledCause(cause, at: try moment())
    }

    func causeKey() throws(Unreadable) -> CauseKey {
        let scope: CauseScope =
            switch try text("scope") {
            case "global": .global
            case "account": .account(try optionalIdentifier("name"))
            case "symbol": .symbol(try identifier("name"))
            case "strategy": .strategy(try identifier("name"))
            default: throw Unreadable()
            }
        return CauseKey(try identifier("cause"), scope: scope)
    }

    private func release() throws(Unreadable) -> Release {
        switch try text("release") {
        case "at": .at(try instant("until"))
        case "when_cleared": .whenCleared
        case "by_hand": .byHand
        default: throw Unreadable()
        }
    }
}
