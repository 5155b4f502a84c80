internal import SeawallBroker
internal import SeawallTime

/// How old orders are at least, for venues where what an order's change costs falls with its age.
///
/// An order is as old as the time since it was first seen, or since the last amend of it ended, whichever is less: at
/// the venue it is older, never younger. What is not known, or was forgotten, is asked for by nobody's guess: nil.
final class OrderAges: Sendable {
    fileprivate struct Record: Sendable {
        var names: Set<OrderTarget> = []
        /// The latest instant at which it may have been placed or changed; nil while an amend of it is under way.
        var unchangedSince: MonotonicInstant?
        var amends = 0
    }

    fileprivate struct State: Sendable {
        var records: [Int: Record] = [:]
        var places: [OrderTarget: Int] = [:]
        var oldest = 0
        var next = 0
    }

    private let capacity: Int
    private let state = Lock(State())

    init(capacity: Int = 20_000) { self.capacity = capacity }

    /// How old each of the orders is at least; nil where nothing is known of it, or it is being changed.
    func ages(of targets: [OrderTarget], at now: MonotonicInstant) -> [Duration?] {
        state.withLock { state in
            targets.map { target in
                state.places[target].flatMap { state.records[$0]?.unchangedSince }.map { $0.duration(to: now) }
            }
        }
    }

    /// An order was shown, under these names, by an answer that came now.
    func seen(_ names: [OrderTarget], at now: MonotonicInstant) {
        state.withLock { state in
            guard let place = state.place(of: names, capacity: capacity) else { return }
            state.records[place]?.noteSeen(now)
        }
    }

    /// An amend of an order is handed over: until it has ended, nobody knows how old the order is.
    func amendBegins(_ target: OrderTarget) {
        state.withLock { state in
            guard let place = state.place(of: [target], capacity: capacity) else { return }
            state.records[place]?.amends += 1
            state.records[place]?.unchangedSince = nil
        }
    }

    /// The call that was to amend an order has ended, with whatever result.
    func amendEnds(_ target: OrderTarget, at now: MonotonicInstant) {
        state.withLock { state in
            guard let place = state.places[target], let amends = state.records[place]?.amends, amends > 0 else {
                return
            }
            state.records[place]?.amends = amends - 1
            if amends == 1 { state.records[place]?.unchangedSince = now }
        }
    }
}

extension OrderAges.Record {
    fileprivate mutating func noteSeen(_ now: MonotonicInstant) {
        if amends == 0, unchangedSince == nil { unchangedSince = now }
    }
}

extension OrderAges.State {
    /// The place of an order with these names, made where there is none; what is oldest makes room.
    fileprivate mutating func place(of names: [OrderTarget], capacity: Int) -> Int? {
        guard !names.isEmpty else { return nil }
        let place = names.lazy.compactMap { [places] in places[$0] }.first ?? add(capacity: capacity)
        for name in names {
            records[place]?.names.insert(name)
            places[name] = place
        }
        return place
    }

    private mutating func add(capacity: Int) -> Int {
        while records.count >= capacity {
            for name in records.removeValue(forKey: oldest)?.names ?? [] where places[name] == oldest {
                places[name] = nil
            }
            oldest += 1
        }
        defer { next += 1 }
        records[next] = OrderAges.Record()
        return next
    }
}
