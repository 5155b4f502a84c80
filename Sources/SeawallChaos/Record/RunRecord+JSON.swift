internal import Seawall

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

extension RunRecord {
    /// The record as one line of JSON, without the line's end.
    public var json: String {
        var line = JSONLine()
        line.write(self)
        return line.text
    }
}

extension JSONLine {
    /// Writes a record in place of what was written last.
    mutating func write(_ record: RunRecord) {
        open()
        add("t", record.at)
        add("boot", record.boot)
        switch record.body {
        case .run(let header): add(header)
        case .call(let call): add(call)
        case .result(let result): add(result)
        case .request(let request): add(request)
        case .reply(let reply): add(reply)
        case .told(let told): add(told)
        case .venue(let event): add(event)
        case .fault(let fault): add(fault)
        case .layer(let event): add(event)
        case .alert(let alert, let sink): add(alert, sink: sink, at: record.at)
        case .disk(let disk): add(disk)
        case .world(let world): add(world)
        case .crash: add("kind", "crash")
        case .restart: add("kind", "restart")
        case .end(let lines, let hash):
            add("kind", "end")
            add("lines", lines)
            add("hash", RunLog.text(of: hash))
        }
        close()
    }
}

extension JSONLine {
    private mutating func add(_ header: RunHeader) {
        add("kind", "run")
        add("schema", RunHeader.schema)
        add("seed", header.seed)
        add("scenario", header.scenario)
        add("civil_at_zero", header.civilAtZero.iso8601Text)
        add("venue", header.venue.name)
        add("identity_class", header.venue.identity.rawValue)
        add("visibility_lag", seconds: header.venue.visibilityLag)
        add("receive_window", seconds: header.venue.receiveWindow)
        add("clock_lead", seconds: header.venue.clockLead)
        add("default_retry_after", seconds: header.venue.defaultRetryAfter)
        add("default_ban", seconds: header.venue.defaultBan)
        add("lists", header.conclusiveLists.map(\.rawValue))
        add("cancels_by_client_id", header.cancelsByClientID)
        add("symbols", header.symbols.map(\.rawValue))
        let positions = header.symbols.map { ($0.rawValue, header.positions[$0] ?? 0) }
        add("positions", object: Dictionary(positions) { first, _ in first }) { $0.appendQuoted($1.plainText) }
        add("hedge", false)
        add("limits", array: header.venue.limits) { line, limit in
            line.add("name", limit.name)
            line.add("scope", limit.scope.rawValue)
            line.add("counts", limit.counts.rawValue)
            line.add("shape", limit.shape.rawValue)
            line.add("limit", limit.limit)
            line.add("window", seconds: limit.window)
            line.add("offset", seconds: limit.offset)
            line.add("decay", limit.decay)
            line.add("releases_on_fill", limit.releasesOnFill)
            line.add("counts_refused", header.countsRefused(limit))
            line.add("tells_usage", header.tellsUsage(of: limit))
        }
        let byAge = Dictionary(header.venue.costsByAge.map { ($0.key.rawValue, $0.value) }) { first, _ in first }
        add("costs_by_age", object: byAge) { line, limits in
            line.append(object: limits) { line, steps in
                line.append(array: steps) { line, step in
                    line.add("under", seconds: step.under)
                    line.add("cost", step.cost)
                }
            }
        }
        add("breakers", array: header.breakers) { line, breaker in
            line.add("name", breaker.name)
            line.add("probes", breaker.probes)
            line.add("lease", seconds: breaker.lease)
        }
        add("heals_at", header.healsAt)
    }

    private mutating func add(_ call: CallRecord) {
        add("kind", "call")
        add("call", call.id)
        add("op", call.operation.rawValue)
        add("intent", call.intent?.rawValue)
        add(targets: call.targets)
        add("symbol", call.symbol?.rawValue)
        add("side", call.side?.rawValue)
        add(quantity: call.quantity, isInQuote: call.isInQuote)
        add("reduce_only", call.isReduceOnly)
        add("strategy", call.strategy?.rawValue)
        add("account", call.account?.rawValue)
    }

    /// One order is named by a string; of several each has its place in a list.
    private mutating func add(targets: [String]) {
        add("target", targets.count == 1 ? targets[0] : nil)
        if targets.count > 1 { add("targets", targets) }
    }

    /// What is counted in quote has a field of its own, so that nobody takes it for base.
    private mutating func add(quantity: Decimal?, isInQuote: Bool) {
        add("quantity", isInQuote ? nil : quantity?.plainText)
        if isInQuote { add("quote_quantity", quantity?.plainText) }
    }

    private mutating func add(_ result: ResultRecord) {
        add("kind", "result")
        add("call", result.call)
        add("answer", result.answer.rawValue)
        add("reason", result.reason)
    }

    private mutating func add(_ request: RequestRecord) {
        add("kind", "request")
        add("id", request.id)
        add("call", request.call)
        add("episode", request.episode)
        add("op", request.operation.rawValue)
        add("lane", request.lane?.rawValue)
        add("weights", object: request.weights) { $0.append($1) }
        add("scopes", request.scopes.map(\.rawValue))
        add("client_id", request.clientID?.rawValue)
        add(targets: request.targets)
        add("symbol", request.symbol?.rawValue)
        add("side", request.side?.rawValue)
        add(quantity: request.quantity, isInQuote: request.isInQuote)
        add("type", request.type)
        add("reduce_only", request.isReduceOnly)
        add("group", request.group?.rawValue)
        add("replaces", request.replaces?.rawValue)
        add("probe", request.isProbe)
        if let page = request.page { add("page", page.rawValue) }
    }

    private mutating func add(_ reply: ReplyRecord) {
        add("kind", "reply")
        add("id", reply.id)
        add("event", reply.event.rawValue)
        add("outcome", reply.outcome)
        add("status", reply.status)
        add("retry_after", reply.retryAfter)
        add("limit_scope", reply.limitScope?.rawValue)
        add("until", reply.until)
        if let next = reply.next { add("next", next.rawValue) }
    }

    private mutating func add(_ told: ToldRecord) {
        add("kind", "told")
        add("request", told.request)
        add("order_id", told.orderID.rawValue)
        add("client_id", told.clientID.rawValue)
    }

    private mutating func add(_ event: VenueEvent) {
        add("kind", "venue")
        add("event", event.kind.rawValue)
        add("request", event.request)
        add("order_id", event.orderID?.rawValue)
        add("client_id", event.clientID?.rawValue)
        add("symbol", event.symbol?.rawValue)
        add("side", event.side?.rawValue)
        add("quantity", event.quantity?.plainText)
        add("remaining", event.remaining?.plainText)
        add("price", event.price?.plainText)
        add("fee", event.fee?.plainText)
        add("fee_asset", event.feeAsset?.rawValue)
        add("replaces", event.replaces?.rawValue)
        add("position", event.position?.plainText)
        if let scope = event.limitScope {
            add("limit_scope", scope.rawValue)
            add("until", event.until)
        }
    }

    private mutating func add(_ fault: FaultRecord) {
        add("kind", "fault")
        add("fault", fault.fault)
        add("op", fault.operation.rawValue)
        add("request", fault.request)
    }

    private mutating func add(_ event: LayerEvent) {
        switch event {
        case .permission(let change):
            add("kind", "permission")
            add("id", change.id)
            add("scope", change.scope.description)
            add("level", change.level.rawValue)
            add("cause", change.code.rawValue)
            add("episode", change.episode)
            add("event", change.event.rawValue)
            add("release", change.cause.release.word)
            add("until", change.until)
        case .limited(let scope, let until):
            add("kind", "limited")
            add("limit_scope", scope.rawValue)
            add("until", until)
        case .breaker(let transition):
            add("kind", "breaker")
            add("name", transition.name)
            add("from", transition.from.rawValue)
            add("to", transition.to.rawValue)
        case .order(let change):
            add("kind", "order")
            add("intent", change.intent.rawValue)
            add("client_id", change.clientID.rawValue)
            add("order_id", change.venueID?.rawValue)
            add("state", change.state.rawValue)
        case .sweep(let sweep):
            add("kind", "sweep")
            add("cause", sweep.cause)
            add("scope", sweep.scope.description)
            add("event", sweep.step.rawValue)
            add("orders", sweep.orders.map(\.rawValue))
        }
    }

    private mutating func add(_ alert: Alert, sink: String, at instant: MonotonicInstant) {
        add("kind", "alert")
        add("episode", alert.episode)
        add("event", alert.event.rawValue)
        add("severity", alert.severity.rawValue)
        add("code", alert.code)
        add("causes", alert.causes)
        add("sink", sink)
        add("delivered_at", instant)
    }

    private mutating func add(_ disk: DiskRecord) {
        add("kind", "disk")
        add("op", disk.operation.rawValue)
        add("outcome", disk.outcome.rawValue)
        add("bytes", disk.bytes)
        add("text", disk.text)
    }

    private mutating func add(_ world: WorldRecord) {
        add("kind", "world")
        add("event", world.event.rawValue)
        add("detail", world.detail)
        if let step = world.step { add("step", seconds: step) } else { add("step", String?.none) }
        add("per_mille", world.perMille)
        add("until", world.until)
    }
}

extension Release {
    /// The word of the log.
    fileprivate var word: String {
        switch self {
        case .at: "time"
        case .whenCleared: "cleared"
        case .byHand: "hand"
        }
    }
}
