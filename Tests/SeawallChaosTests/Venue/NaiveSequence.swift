import SeawallBroker

/// What the numbers of a stream's events say by themselves, as a consumer would read them by the venue's rule.
struct NaiveSequence {
    enum Step: Hashable {
        /// The event has no number.
        case unnumbered
        /// The first number that is seen.
        case first
        /// What comes right after the event before.
        case next
        /// Nothing but what was there before, or numbers that begin again.
        case older
        /// Something between was lost.
        case gap
    }

    let rule: SequenceRule
    private(set) var last: EventSequence?

    init(rule: SequenceRule) { self.rule = rule }

    mutating func step(_ event: EventSequence?) -> Step {
        guard let event else { return .unnumbered }
        guard let last else {
            self.last = event
            return .first
        }
        if event.last <= last.last { return .older }
        self.last = event
        switch rule {
        case .none: return .unnumbered
        case .contiguous: return event == EventSequence(last.last + 1) ? .next : .gap
        case .ranges: return event.first <= last.last + 1 ? .next : .gap
        case .previousPointer: return event.previous == last.last ? .next : .gap
        }
    }
}
