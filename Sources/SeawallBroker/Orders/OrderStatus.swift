/// What has become of an order, as far as it is proven.
///
/// There is no "failed": an order whose fate is not proven is `unknown`, and unknown ends by evidence only.
public enum OrderStatus: String, Codable, Sendable, CaseIterable {
    /// Decided and recorded, not handed over to the venue.
    case prepared
    /// Handed over; no answer yet.
    case sent
    /// The venue took it.
    case acknowledged
    /// The venue refused it, or proof came that it never arrived and never will.
    case rejected
    /// Handed over, and nothing proves what became of it.
    case unknown
    /// Rests at the venue, perhaps filled in part.
    case working
    /// Filled to the end.
    case filled
    /// Ended by a cancel before it was filled to the end.
    case cancelled
    /// Ended by time, before it was filled to the end or before it was sent.
    case expired

    /// True where nothing can happen to the order any more.
    public var isTerminal: Bool {
        switch self {
        case .rejected, .filled, .cancelled, .expired: true
        case .prepared, .sent, .acknowledged, .unknown, .working: false
        }
    }
}
