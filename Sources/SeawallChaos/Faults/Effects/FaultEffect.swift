public import SeawallBroker

/// What a fault does: to a call, to fills on their way, to a stream, or to the world around.
///
/// What is lost, late, twice or out of order is so in the venue's own sense: a request that is said not to reach the
/// venue does not, and one that the venue applied has been.
public enum FaultEffect: Hashable, Sendable {
    /// The request is lost before the venue applied it.
    case lostBefore(FaultLoss)
    /// The venue applies the request, and its reply is lost.
    case lostAfter(FaultLoss)
    /// The request waits, then goes to the venue.
    case delay(Duration)
    /// The venue applies the request, and its reply waits.
    case delayedReply(Duration)
    /// The same request reaches the venue a second time once the first was answered, and one of the answers comes back.
    ///
    /// At a venue that forgets a client order id when its order is over, a second order may come of it.
    case duplicate(returning: FaultCopy)
    /// The request is held until the next matching one is done, at most so long.
    case reorder(within: Duration)
    /// Answered with 429 and this Retry-After; the venue sees nothing of it.
    case rateLimited(retryAfter: FaultRetryAfter)
    /// Answered with 418 and this Retry-After; the venue sees nothing of it.
    case banned(retryAfter: FaultRetryAfter)
    /// From the first strike on, every matching call fails until the time is over.
    case outage(for: Duration, as: FaultOutage)
    /// Answered with 200 and an error inside; where the venue applied the request, with words that prove nothing.
    case errorInside(applied: Bool)
    /// Answered with a body that nobody can read, whether the venue applied the request or never saw it.
    case unreadable(FaultBody, applied: Bool)
    /// Of an amend that is a cancel and a new order one half is done, and the other is not.
    ///
    /// An order that is taken beside the old one comes of it only where amends replace: an amend in place has no halves,
    /// and is none that the fault matches.
    case halfAmend(FaultHalf)
    /// Of orders to cancel together, in turn: one is refused, one done, one left out and missing, one done and missing.
    case mixedBatch
    /// The venue is asked, and an empty list of orders is returned whatever it lists.
    case emptyOrders
    /// The venue is asked, and an empty list is returned whatever it lists.
    case emptyList
    /// The newest earlier answer to the same call that is so old is given again; the venue sees nothing of the call.
    ///
    /// A call without such an answer is none that the fault matches.
    case oldAnswer(age: Duration)
    /// Only the first rows of a page come, with its cursor or without it, as if nothing were behind.
    case truncatedPage(keeping: Int, keepsCursor: Bool)
    /// One page of a list fails, counted from 1, or with nil every page but the first; the venue sees nothing of it.
    case failedPage(Int?, as: FaultOutage)
    /// An order is missing from lists and unknown to queries for a time: the one of that client id, or with nil the one
    /// that the call places, or else the last that was placed.
    case hiddenOrder(ClientOrderID?, for: Duration, onStreams: Bool)
    /// The venue says that of each limit at least so many thousandths are used.
    case limitUsage(perMille: Int)
    /// Bid and ask lie further apart, by so many hundredths of a percent in all, and little rests there.
    case widerSpread(basisPoints: Int)
    /// Best prices are 0.
    case zeroPrices
    /// An error is thrown, whether the venue applied the request or never saw it.
    ///
    /// Such as a 503 or a 429 by something in front of a venue that has done what was asked.
    case error(FaultError, applied: Bool = false)
    /// An answer is returned; the venue sees nothing of the call.
    case answer(FaultAnswer)

    /// Fills on the user stream and in answers to `fills(since:)` come so much later.
    case lateFills(by: Duration)
    /// Fills on the user stream and in answers to `fills(since:)` come twice.
    case duplicateFills
    /// A page of fills comes in reverse order; a fill on the stream comes after the next one, at most so much later.
    case reorderedFills(within: Duration)

    /// The stream is half open: nothing comes and it does not end, for a time or for good; what came meanwhile is lost.
    case streamHang(for: Duration?)
    /// The stream goes on without one channel, for a time or for good; what came meanwhile is lost.
    case streamMute(FaultChannel, for: Duration?)
    /// The stream ends: with an error, or cleanly.
    case streamBreak(clean: Bool)
    /// A connection ends with an error so long after its opening.
    case streamFlap(every: Duration)
    /// The event comes so many times more.
    case streamRepeat(times: Int)
    /// The sequence numbers begin again, with 1 for this event.
    case streamReset
    /// This event and those behind it are lost, so many in all.
    case streamGap(events: Int)
    /// After the event, the newest earlier one of its order or symbol that is so old comes again, as it was.
    ///
    /// An event without such an earlier one is none that the fault matches.
    case streamReplay(age: Duration)

    /// The machine's civil clock is moved by so much, forward or back.
    case clockStep(Duration)
    /// The machine sleeps for so long.
    case machineSleep(Duration)
    /// The process ends: before the call is sent, or after the venue is done with it.
    case crash(FaultMoment)
    /// The machine's disk fails for a time.
    case diskFailure(DiskFailure, for: Duration)
    /// The venue takes only what the mode says, for a time.
    case venueMode(VenueStatus.Mode, for: Duration)
    /// The venue refuses the key, for a time.
    case authenticationExpiry(for: Duration)
    /// Another process spends so many thousandths of every limit, again and again, for a time.
    case secondProcess(perMille: Int, for: Duration)
    /// The venue fills so many thousandths of what is left of the call's order; the reply is held, so that the news of
    /// the fill can overtake it.
    case fill(perMille: Int, at: FaultMoment, hold: Duration)

    /// The word that records and reports use.
    public var name: String { kind.rawValue }
}
