/// The bot has the answer to a call.
public struct ResultRecord: Sendable {
    /// What the answer amounts to.
    public enum Answer: String, Sendable {
        /// The broker returned what was asked.
        case accepted
        /// Refused before anything was sent.
        case denied
        /// The venue refused it.
        case rejected
        /// The outcome is not proven.
        case unknown
        /// Anything else.
        case threw
    }

    /// The call that is answered.
    public var call: String

    /// What the answer amounts to.
    public var answer: Answer

    /// Why, where there is a reason.
    public var reason: String?
}
