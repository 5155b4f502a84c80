package import SeawallBroker

/// Something that must be known after a restart: one line of the journal.
package enum JournalRecord: Hashable, Sendable {
    /// The process began, for the time that the number says; 0 is the first.
    case boot(Int, JournalMoment)
    /// A cause was raised or extended, and stands so.
    case cause(JournalledCause)
    /// A cause has ended.
    case causeEnded(CauseKey, id: String)
    /// The orders that a cause covers have been swept, to the end; no restart does it again.
    case swept(CauseKey, id: String)
    /// An intent was prepared, and may be handed over from now on.
    case intent(JournalledIntent)
    /// What is proven of the order of an intent.
    case order(ClientOrderID, Order)
    /// An intent of which it is known that its order was never handed over.
    case dropped(ClientOrderID)
    /// An amend was prepared, and may be handed over from now on.
    case amend(JournalledAmend)
    /// It is proven what became of an amend, or that it was never handed over.
    case amendEnded(id: String)
    /// The venue shut a scope, for everything that falls under it.
    case gate(JournalledGate)
    /// The time for which a scope was shut is over.
    case gateEnded(LimitScope)
    /// An episode of alerts was opened.
    case alert(JournalledAlert)
    /// An episode of alerts was closed.
    case alertEnded(key: String)
    /// An operator set the state of a circuit breaker.
    case breaker(JournalledBreaker)
    /// A circuit breaker is in no operator's hands any more.
    case breakerEnded(name: String)
    /// What another part keeps for the next start under a name of its own, in its own words; the last one counts.
    case memo(name: String, text: String)
}
