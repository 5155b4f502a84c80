internal import SeawallBroker
internal import SeawallTime

/// The core of one connection of a stream with faults: what each event of the venue becomes.
struct StreamCore<Event: FaultableEvent>: Sendable {
    /// Something to do for the consumer.
    enum Output: Sendable {
        /// Send the event now.
        case send(Event)
        /// Send the event at that instant.
        case sendLate(Event, at: MonotonicInstant)
        /// Send the event that is held under that number at that instant, unless it has gone before.
        case hold(Int, until: MonotonicInstant)
        /// End the stream.
        case end(BrokerError?)
    }

    private var hungUntil: MonotonicInstant?
    private var muted: [(channel: FaultChannel, until: MonotonicInstant)] = []
    private var eventsToLose = 0
    private var sequenceShift: Int64 = 0
    private var past: Past<String, Event>?
    private var held: (number: Int, event: Event)?
    private var lastHeld = 0

    /// Makes the core of a new connection; `oldest` is how old an event may be asked for again, nil where none is.
    init(oldest: Duration?) {
        past = oldest.map { Past(horizon: $0) }
    }

    /// Until when the stream does not even end; nil where it is not half open.
    func hangs(at now: MonotonicInstant) -> MonotonicInstant? {
        hungUntil.flatMap { now < $0 ? $0 : nil }
    }

    /// False for an event that is lost in what goes on already.
    mutating func passes(_ event: Event, at now: MonotonicInstant) -> Bool {
        if hangs(at: now) != nil { return false }
        if eventsToLose > 0 {
            eventsToLose -= 1
            return false
        }
        muted.removeAll { $0.until <= now }
        return !muted.contains { event.isPart(of: $0.channel) }
    }

    /// True where the effect has something to do to the event.
    func fits(_ effect: FaultEffect, _ event: Event, at now: MonotonicInstant) -> Bool {
        switch effect {
        case .streamReplay(let age): old(of: event, age: age, at: now) != nil
        case .streamReset: event.sequence != nil
        default: true
        }
    }

    /// What becomes of an event that passes, under the fault of streams and the fault of fills that strike it.
    mutating func event(
        _ event: Event, struckBy effect: FaultEffect?, _ fillsEffect: FaultEffect?, at now: MonotonicInstant
    ) -> [Output] {
        var copies = 1
        var again: Event?
        switch effect {
        case .streamHang(let duration):
            hungUntil = duration.map { now.advanced(by: $0) } ?? .distantFuture
            return []
        case .streamMute(let channel, let duration):
            muted.append((channel, duration.map { now.advanced(by: $0) } ?? .distantFuture))
            if event.isPart(of: channel) { return [] }
        case .streamBreak(let clean): return [.end(clean ? nil : .brokenStream)]
        case .streamRepeat(let times): copies += times
        case .streamReset: sequenceShift = event.sequence.map { $0.first.addingSaturating(-1) } ?? 0
        case .streamGap(let events):
            eventsToLose = events - 1
            return []
        case .streamReplay(let age): again = old(of: event, age: age, at: now)
        default: break
        }
        var shown = event
        shown.sequence = event.sequence?.moved(down: sequenceShift)
        if let subject = event.subject { past?.keep(shown, as: subject, at: now) }
        return outputs(of: shown, copies: copies, fillsEffect, at: now) + [again].compactMap { $0.map(Output.send) }
    }

    /// Takes the event that is held under that number out, unless it has gone before.
    mutating func release(_ number: Int) -> Event? {
        guard let held, held.number == number else { return nil }
        self.held = nil
        return held.event
    }

    private mutating func outputs(
        of event: Event, copies: Int, _ effect: FaultEffect?, at now: MonotonicInstant
    ) -> [Output] {
        var outputs: [Output] = []
        switch effect {
        case .lateFills(let delay): outputs = [.sendLate(event, at: now.advanced(by: delay))]
        case .duplicateFills: outputs = [.send(event), .send(event)]
        case .reorderedFills(let bound) where held == nil:
            lastHeld += 1
            held = (lastHeld, event)
            return [.hold(lastHeld, until: now.advanced(by: bound))]
        default: outputs = Array(repeating: .send(event), count: copies)
        }
        if event.isFill, let overtaken = held {
            held = nil
            outputs.append(.send(overtaken.event))
        }
        return outputs
    }

    private func old(of event: Event, age: Duration, at now: MonotonicInstant) -> Event? {
        event.subject.flatMap { past?.value(of: $0, atLeast: age, at: now) }
    }
}

extension EventSequence {
    /// The numbers as they are where the count began again; nothing lies before its beginning.
    fileprivate func moved(down shift: Int64) -> EventSequence {
        if shift == 0 { return self }
        return EventSequence(
            first: first.addingSaturating(0 - shift), last: last.addingSaturating(0 - shift),
            previous: previous.map { max(0, $0.addingSaturating(0 - shift)) })
    }
}

extension FaultEffect {
    /// True where nothing is left of an event that the effect strikes.
    func swallows(_ event: some FaultableEvent) -> Bool {
        switch self {
        case .streamHang, .streamBreak, .streamGap: true
        case .streamMute(let channel, _): event.isPart(of: channel)
        default: false
        }
    }
}

extension BrokerError {
    /// The error of a stream whose connection is gone.
    static var brokenStream: BrokerError {
        BrokerError(code: .transport, message: "the stream broke off", delivery: .maybeSent)
    }
}
