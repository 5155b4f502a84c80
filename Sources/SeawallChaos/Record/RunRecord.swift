public import Seawall

/// One line of a run's record: what happened, when, and in which incarnation of the process.
///
/// The order of records is the causal order; many share an instant. A judge needs nothing else.
public struct RunRecord: Sendable {
    /// What a line says.
    ///
    /// Each case is one `kind` of the log.
    public enum Body: Sendable {
        /// The first line: what the run is.
        case run(RunHeader)
        /// The bot asks the guarded broker.
        case call(CallRecord)
        /// The bot has its answer.
        case result(ResultRecord)
        /// A request is handed to the venue's edge.
        case request(RequestRecord)
        /// The answer is back, or was given up.
        case reply(ReplyRecord)
        /// The bot's side is told by which id the venue knows an order.
        case told(ToldRecord)
        /// The truth at the venue changed.
        case venue(VenueEvent)
        /// A fault struck.
        case fault(FaultRecord)
        /// The layer decided or understood something.
        case layer(LayerEvent)
        /// An alert reached a sink.
        case alert(Alert, sink: String)
        /// The process read or wrote its disk.
        case disk(DiskRecord)
        /// Something befell the machine or the venue.
        case world(WorldRecord)
        /// The process died.
        case crash
        /// The process came back.
        case restart
        /// The last line; without it a log is not whole.
        case end(lines: Int, hash: UInt64)
    }

    /// When, on the run's own clock.
    public var at: MonotonicInstant

    /// How often the process has been restarted.
    public var boot: Int

    /// What happened.
    public var body: Body
}
