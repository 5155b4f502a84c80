internal import SeawallTime

/// A limit on calls in flight that follows the venue, as a pure state machine.
///
/// It counts in thousandths of a call. Every change of the limit begins an epoch, and so does every judgement that leaves
/// it as it is: a call is a sample of the epoch in which it began, or of none.
struct GradientLimit: Sendable {
    enum Phase: Hashable, Sendable {
        /// Few calls are let go, until enough of them have told what an uncrowded venue takes; then the limit is `resume`.
        case probing(resume: Int64)
        /// The limit follows the latency; what is known of the uncrowded venue is believed until an instant.
        case following(until: Int64)
    }

    static let one: Int64 = 1_000
    /// The most that the limit loses by one measurement, in thousandths, as in Envoy.
    private static let leastGradient: Int64 = 500
    private static let jitterPerMille: UInt64 = 150

    let configuration: AdaptiveConcurrency
    private let probeInterval: Int64
    private var random: SeededGenerator
    private(set) var phase: Phase
    private(set) var epoch: UInt64 = 1
    /// The first epoch whose calls began after the last cut.
    private var cutEpoch: UInt64 = 1
    private var following: Int64
    /// The median latency of an uncrowded venue; nil until the first probe has ended.
    private(set) var reference: Int64?
    private(set) var lastLatency: Int64?
    private var window: SampleWindow
    private var quietSamples: QuietSamples
    private var isCrowded = false
    /// Counts the crowds, so that a call knows whether one came since it began.
    private var crowds: UInt64 = 0

    /// Makes a limit that begins with a probe; the configuration has been judged.
    init(_ configuration: AdaptiveConcurrency, seed: UInt64) {
        self.configuration = configuration
        probeInterval = configuration.probeInterval.wholeNanoseconds
        random = SeededGenerator(seed: seed, stream: "concurrency probes")
        following = Int64(configuration.initial) * Self.one
        phase = .probing(resume: following)
        window = SampleWindow(size: configuration.samples)
        quietSamples = QuietSamples(size: configuration.samples, lifetime: .max)
    }

    /// How many calls may be in flight now.
    var limit: Int {
        switch phase {
        case .probing(let resume): min(Int(resume / Self.one), configuration.probeLimit)
        case .following: Int(following / Self.one)
        }
    }

    /// How many may be, once a probe has ended.
    var learnt: Int {
        switch phase {
        case .probing(let resume): Int(resume / Self.one)
        case .following: Int(following / Self.one)
        }
    }

    // MARK: Events

    /// Time has passed; to be told before it is asked for the limit.
    mutating func advance(to now: Int64) {
        guard case .following(let end) = phase, now >= end else { return }
        // A long silence ends so too: no epoch is judged half by samples of long ago.
        phase = .probing(resume: following)
        quietSamples = QuietSamples(size: configuration.samples, lifetime: .max)
        beginEpoch()
    }

    /// So many calls are in flight from here on.
    mutating func count(inFlight: Int) {
        let isCrowd = inFlight > configuration.probeLimit
        if isCrowd, !isCrowded { crowds &+= 1 }
        isCrowded = isCrowd
    }

    /// A call begins, which has been counted.
    mutating func begin(inFlight: Int, now: Int64) -> ConcurrencyCall {
        var call = ConcurrencyCall(began: now, epoch: epoch)
        call.findsLimitInUse = inFlight >= limit - limit / 2
        call.quiet = isCrowded ? nil : crowds
        if case .following = phase { window.begin(&call) }
        return call
    }

    /// A call has ended, which is still counted.
    mutating func end(_ call: ConcurrencyCall, _ outcome: ConcurrencyOutcome, now: Int64) {
        switch outcome {
        case .ignored:
            if call.isSampled, call.epoch == epoch { window.leave(call) }
        case .dropped:
            // What began before the last cut tells of the same trouble.
            if call.epoch >= cutEpoch { cut() }
        case .succeeded:
            // A clock may stand still, and one that goes back is taken for one that does.
            learn(call, latency: max(1, now.subtractingSaturating(call.began)), now: now)
        }
        if case .following = phase, let median = window.median(now: now) { follow(median) }
    }

    /// The limit is set by hand, inside its range; learning goes on from there.
    mutating func set(_ limit: Int) {
        change(to: Int64(limit) * Self.one)
    }

    // MARK: Steps

    private mutating func learn(_ call: ConcurrencyCall, latency: Int64, now: Int64) {
        lastLatency = latency
        if call.isSampled, call.epoch == epoch { window.end(latency) }
        // No crowd since it began, whatever the limit was: it had the venue to itself.
        guard call.quiet == crowds else { return }
        switch phase {
        case .probing(let resume):
            guard let median = quietSamples.add(latency, now: now) else { return }
            following = resume
            refer(to: median, now: now)
            beginEpoch()
        case .following:
            if let median = quietSamples.add(latency, now: now) { refer(to: median, now: now) }
        }
    }

    private mutating func refer(to median: Int64, now: Int64) {
        reference = median
        let spread = Int128(probeInterval) * Int128(Self.jitterPerMille) / 1_000
        let jitter = Int64(random.below(UInt64(2 * spread + 1)))
        let lifetime = probeInterval.subtractingSaturating(Int64(spread)).addingSaturating(jitter)
        phase = .following(until: now.addingSaturating(lifetime))
        quietSamples = QuietSamples(size: configuration.samples, lifetime: probeInterval)
    }

    private mutating func cut() {
        let whole: Int64
        switch phase {
        case .probing(let resume): whole = resume
        case .following: whole = following
        }
        change(to: whole * Int64(configuration.cutPerMille) / 1_000)
        cutEpoch = epoch
    }

    /// The epoch's median is known.
    private mutating func follow(_ median: Int64) {
        guard let known = reference else { return }
        // Under load no venue is quicker than without: what is believed of it is too slow, or by half the noise of a median.
        let reference = median < known ? known - (known - median) / 2 : known
        self.reference = reference
        let most = 1_000 + Int64(configuration.tolerancePerMille)
        let exact = Int128(reference) * Int128(most) / Int128(max(1, median))
        let gradient = min(most, max(Self.leastGradient, Int64(clamping: exact)))
        // Room to find more: without it the limit could only fall.
        let headroom = Int64(Double(following * Self.one).squareRoot())
        let target = following * gradient / 1_000 + headroom
        let next = following + (target - following) * Int64(configuration.smoothingPerMille) / 1_000
        change(to: next > following && !window.isOfLimitInUse ? following : next)
    }

    private mutating func change(to limit: Int64) {
        let least = Int64(configuration.minimum) * Self.one
        let most = Int64(configuration.maximum) * Self.one
        following = min(most, max(least, limit))
        if case .probing = phase { phase = .probing(resume: following) }
        beginEpoch()
    }

    private mutating func beginEpoch() {
        epoch &+= 1
        window.reopen()
    }
}
