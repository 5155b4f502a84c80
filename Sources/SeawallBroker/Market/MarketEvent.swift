/// Something that a market stream says.
public enum MarketEvent: Hashable, Sendable {
    /// New best prices.
    case ticker(Ticker, sequence: EventSequence?)
    /// A sign of life, without content.
    case heartbeat(sequence: EventSequence?)
}
