internal import SeawallBackoff
internal import SeawallBroker
internal import SeawallRateLimit
internal import SeawallTime

/// Keeps the layer's knowledge of its orders fresh: the account's stream, and beside it fills and open orders by rhythm.
///
/// What a list does not show proves nothing: an order that is missing from it is asked for by name.
final class AccountFollower: Sendable {
    private let courier: Courier
    private let ledger: OrderLedger
    let evidence: Evidence
    private let resolver: Resolver
    private let configuration: LayerConfiguration
    private let cursor = Lock(FillCursor?.none)

    /// How many missing orders one round asks for, so that a long list does not eat the budget.
    private static let questionsPerRound = 5

    init(
        courier: Courier, ledger: OrderLedger, evidence: Evidence, resolver: Resolver, configuration: LayerConfiguration
    ) {
        self.courier = courier
        self.ledger = ledger
        self.evidence = evidence
        self.resolver = resolver
        self.configuration = configuration
    }

    private var time: any TimeSource { courier.environment.time }

    private var reports: AccountMetrics { courier.metrics.account }

    /// Follows the account's stream for ever, connecting again with backoff; ends when the task is cancelled.
    func followStream() async {
        var failures = 0
        while !Task.isCancelled {
            let connectedAt = time.now
            if case .arrived(.answered(let events)) = await courier.carry(
                parcel(BrokerCall(.userStream)) { try await $0.userEvents() })
            {
                await listen(to: events)
            }
            if Task.isCancelled { return }
            reports.streamClosed()
            // A connection that held is no reason to wait longer the next time.
            failures = connectedAt.duration(to: time.now) >= .seconds(60) ? 1 : failures + 1
            let delay = BackoffPolicy.streamReconnect.delay(
                afterAttempt: failures, random: courier.environment.random.next())
            do { try await time.sleep(for: delay) } catch { return }
        }
    }

    /// Reads fills and open orders by rhythm; ends when the task is cancelled.
    func poll() async {
        while !Task.isCancelled {
            do { try await time.sleep(for: configuration.pollInterval) } catch { return }
            await courier.refreshClock()
            let hasFills = await readFills { evidence.filled($0) }
            if Task.isCancelled { return }
            reports.read(.fills, isWhole: hasFills, at: time.now)
            await readOpenOrders()
        }
    }

    /// Reads all fills there are, without counting them: they are in the positions that are read after.
    ///
    /// True where they were read to the end and none was new. A venue may show its last fill again and again.
    func skipFills(knowing known: inout Set<Fill>) async -> Bool {
        let before = known.count
        let isWhole = await readFills { known.insert($0) }
        return isWhole && known.count == before
    }

    private func listen(to events: AsyncThrowingStream<UserEvent, any Error>) async {
        reports.streamOpened(at: time.now)
        courier.metrics.log.streamOpened()
        var failure: (any Error)?
        // What matters is that the stream is gone; why is the adapter's affair.
        do { for try await event in events { learn(event) } } catch { failure = error }
        if !Task.isCancelled { courier.metrics.log.streamClosed(failure) }
    }

    private func learn(_ event: UserEvent) {
        reports.arrived(event, at: time.now)
        switch event {
        case .order(let order, _): evidence.seen(order)
        case .fill(let fill, _): evidence.filled(fill)
        case .heartbeat: break
        }
    }

    /// True where the last page was reached.
    private func readFills(_ take: (Fill) -> Void) async -> Bool {
        while !Task.isCancelled {
            let from = cursor.withLock { $0 }
            let carried = await courier.carry(
                parcel(BrokerCall(.fills)) { try await $0.fills(since: from, symbol: nil) })
            guard case .arrived(.answered(let page)) = carried else { return false }
            for fill in page.fills { take(fill) }
            cursor.withLock { $0 = page.cursor ?? $0 }
            if let next = page.cursor { resolver.fillCursors.note(next, at: time.now) }
            guard page.hasMore, page.cursor != from else { return true }
        }
        return false
    }

    private func readOpenOrders() async {
        let expected = ledger.live.filter { !$0.order.status.isInDoubt }
        if expected.isEmpty {
            reports.nothingIsMissing()
            // What nobody here knows of may rest there still, and only the list says when it is gone.
            guard reports.hasUnexpected else { return reports.notNeeded(.openOrders, at: time.now) }
        }
        var shown: Set<ClientOrderID> = []
        var strangers = 0
        var next: PageCursor?
        repeat {
            let page = next
            let carried = await courier.carry(
                parcel(BrokerCall(.openOrders)) { try await $0.openOrders(for: nil, page: page) })
            guard case .arrived(.answered(let found)) = carried else {
                return Task.isCancelled ? () : reports.read(.openOrders, isWhole: false, at: time.now)
            }
            for order in found.orders {
                evidence.seen(order)
                if let clientID = order.clientID { shown.insert(clientID) }
                if order.names.allSatisfy({ ledger.entry($0) == nil }) { strangers += 1 }
            }
            next = found.next == page ? nil : found.next
        } while next != nil && !Task.isCancelled
        reports.read(.openOrders, isWhole: next == nil, at: time.now)
        let missing = expected.filter { !shown.contains($0.clientID) }
        for entry in missing.prefix(Self.questionsPerRound) where !Task.isCancelled {
            guard ledger.entry(entry.clientID)?.order.status.isTerminal == false else { continue }
            _ = await resolver.ask(
                .client(entry.clientID), symbol: entry.order.symbol, origin: .library(episode: "poll"))
        }
        // What a question has settled meanwhile is no difference.
        let open = missing.filter { ledger.entry($0.clientID)?.order.status.isTerminal == false }.count
        reports.differ(missing: open, unexpected: strangers)
        courier.metrics.log.drifted(missing: open, unexpected: strangers)
    }

    private func parcel<Answer: Sendable>(
        _ call: BrokerCall, _ make: @escaping @Sendable (any Broker) async throws -> Answer
    ) -> Parcel<Answer> {
        Parcel(
            call, lane: .resolve, origin: .library(episode: "poll"),
            sendBy: time.now.advanced(by: configuration.pollInterval), timeout: configuration.readTimeout, make: make)
    }
}
