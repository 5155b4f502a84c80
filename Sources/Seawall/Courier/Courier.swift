internal import SeawallBroker
internal import SeawallRateLimit
internal import SeawallTime

/// Carries calls to the venue: limiter, breaker, last look, hand-over, deadline, classification.
///
/// The call itself runs in a task of its own. Its caller waits until it comes back or is given up; what comes back late
/// is settled all the same, because it is evidence.
final class Courier: Sendable {
    let broker: any Broker
    let classifier: OutcomeClassifier
    let limiter: RateLimiter
    let environment: RuntimeEnvironment
    let consequences: Consequences
    let metrics: LayerMetrics
    let clock: VenueClock
    let precedence = Precedence()

    /// Where the venue counts no order that has begun to fill: nil elsewhere.
    let releases: FillReleases?

    /// How old orders are, where changing them costs by that.
    let ages: OrderAges?

    /// How long an answer to the question for the venue's time is waited for.
    let clockTimeout: Duration

    private let tariffs: Tariffs

    init(
        broker: any Broker, profile: VenueProfile, limiter: RateLimiter, environment: RuntimeEnvironment,
        consequences: Consequences, metrics: LayerMetrics, clock: VenueClock, clockTimeout: Duration,
        releases: FillReleases? = nil
    ) {
        self.releases = releases
        self.clock = clock
        self.clockTimeout = clockTimeout
        self.broker = broker
        self.limiter = limiter
        self.environment = environment
        self.consequences = consequences
        self.metrics = metrics
        classifier = OutcomeClassifier(profile: profile)
        ages = profile.costsByAge.isEmpty ? nil : OrderAges()
        tariffs = Tariffs(profile, ages: ages)
    }

    /// What cancelling costs at the venue, by the ages that orders have.
    func cancelBudget(_ profile: VenueProfile) -> CancelBudget {
        CancelBudget(profile, capabilities: broker.capabilities, tariffs: tariffs)
    }

    /// What a parcel costs now, and what it must leave.
    private func tariff<Answer>(of parcel: Parcel<Answer>) -> Tariff {
        let now = environment.time.now
        var tariff = tariffs.tariff(of: parcel.call, at: now)
        tariff.charge.leaving = parcel.leaving(now)
        // What is to be left of a counter of the symbol's own is left of that one, whether the call counts in it or not.
        if !tariff.charge.leaving.isEmpty, let symbol = parcel.call.symbol { tariff.charge.key = symbol.rawValue }
        return tariff
    }

    /// Why the limiter turned a parcel away: it would have gone but for what it must leave, or not even so.
    private func turned<Answer>(_ error: RateLimitError, _ parcel: Parcel<Answer>, _ tariff: Tariff) -> Turned {
        guard !tariff.charge.leaving.isEmpty else { return .limited(error) }
        var alone = tariff.charge
        alone.leaving = [:]
        let wait = limiter.waitTime(for: alone, lane: parcel.lane, scopes: tariff.scopes)
        let isLate = wait.flatMap { wait in
            parcel.sendBy.map { environment.time.now.advanced(by: wait) >= $0 }
        }
        guard wait != nil, isLate != true else { return .limited(error) }
        return .unaffordable(error, leaving: tariff.charge.leaving)
    }

    /// Carries a parcel; returns when it has come back, was given up, or was turned away.
    func carry<Answer: Sendable>(_ parcel: Parcel<Answer>) async -> Carried<Answer> {
        var tariff = tariff(of: parcel)
        let place = parcel.lane == .cancel ? precedence.enter(tariff.scopes) : nil
        defer { place?.leave() }
        while true {
            let grant: Grant
            do {
                grant = try await limiter.acquire(
                    tariff.charge, lane: parcel.lane, scopes: tariff.scopes, deadline: parcel.sendBy)
            } catch let error as RateLimitError {
                return .refused(turned(error, parcel, tariff))
            } catch {
                return .refused(.callerCancelled)
            }
            let trip = Trip(parcel, grant: grant, place: place, courier: self)
            environment.spawner.spawn { await trip.run() }
            switch await trip.race.wait(onCancel: { trip.giveUp(isCallerGone: true) }) {
            case .done(let carried):
                // Whoever tries again signs right then.
                if case .arrived(.failed(.clockSkew, _)) = carried { await readClock() }
                return carried
            // A gate closed, or a cancel came, between grant and hand-over: back into the queue, in the same lane.
            case .shutAgain: tariff = self.tariff(of: parcel)
            }
        }
    }
}
