internal import SeawallBroker
internal import SeawallTime

/// Which cancels wait to be handed over, so that a second one of the same order goes with the first.
///
/// Only until the hand-over: a cancel that is on its way already may have been lost, and whoever asks then sends his own.
struct CancelTriesCore: Sendable {
    /// What to do with a cancel that is asked for.
    enum Entry: Hashable, Sendable {
        /// Nobody asks for the same: go, under this number.
        case lead(UInt64)
        /// One of the same order waits to be handed over: wait for what comes of it, under this number.
        case follow(UInt64)
    }

    /// An order, as a cancel names it: an id of the venue's may be there twice, in two symbols.
    struct Name: Hashable, Sendable {
        var target: OrderTarget
        var symbol: Symbol
    }

    private struct Try: Sendable {
        var name: Name
        var followers: [UInt64] = []
    }

    private var tries: [UInt64: Try] = [:]
    /// The try of an order that has not been handed over.
    private var waiting: [Name: UInt64] = [:]
    /// Which try somebody follows.
    private var followed: [UInt64: UInt64] = [:]
    private var last: UInt64 = 0

    /// How many are asked for, and have not come to their end.
    var count: Int { tries.count + followed.count }

    mutating func enter(_ name: Name) -> Entry {
        last += 1
        if let leader = waiting[name] {
            tries[leader]?.followers.append(last)
            followed[last] = leader
            return .follow(last)
        }
        tries[last] = Try(name: name)
        waiting[name] = last
        return .lead(last)
    }

    /// A try is handed over: nobody follows it any more who has not by now.
    mutating func depart(_ number: UInt64) {
        guard let name = tries[number]?.name, waiting[name] == number else { return }
        waiting[name] = nil
    }

    /// True for a try that has been handed over.
    func hasDeparted(_ number: UInt64) -> Bool {
        tries[number].map { waiting[$0.name] != number } ?? false
    }

    /// A try has come to its end; who is to be told, in the order in which they came.
    mutating func end(_ number: UInt64) -> [UInt64] {
        depart(number)
        let followers = tries.removeValue(forKey: number)?.followers ?? []
        for follower in followers { followed[follower] = nil }
        return followers
    }

    /// A follower goes away; false where it has been told already.
    mutating func leave(_ number: UInt64) -> Bool {
        guard let leader = followed.removeValue(forKey: number) else { return false }
        tries[leader]?.followers.removeAll { $0 == number }
        return true
    }
}

/// The shell: followers are suspended until their try has ended.
final class CancelTries: Sendable {
    /// What came of a try, for those who follow it.
    private enum End: Sendable {
        case answered(Order?)
        case failed(any Error)
        /// It failed, or its owner went away, before anything was handed over.
        case unsent
    }

    private struct State: Sendable {
        var core = CancelTriesCore()
        var waiters: [UInt64: UnsafeContinuation<End, Never>] = [:]
        /// Told before they were suspended.
        var early: [UInt64: End] = [:]
    }

    private let state = Lock(State())

    /// Runs `body`, or waits for what comes of the same cancel of somebody else that has not gone out yet.
    ///
    /// `body` is handed what to call when its cancel goes out. Where the other one ended unsent, another leads at once. Where
    /// it says nothing that holds for everybody, nil: it is worth a try of one's own.
    func join(
        _ name: CancelTriesCore.Name, _ body: (@escaping @Sendable () -> Void) async throws -> Order?
    ) async throws -> Order? {
        while true {
            switch state.withLock({ $0.core.enter(name) }) {
            case .lead(let number):
                return try await lead(number, body)
            case .follow(let number):
                switch await follow(number) {
                case .answered(let order): return order
                case .failed(let error as GuardError) where error.holdsForEverybody: throw error
                case .failed: return nil
                case .unsent: try Task.checkCancellation()
                }
            }
        }
    }

    private func lead(
        _ number: UInt64, _ body: (@escaping @Sendable () -> Void) async throws -> Order?
    ) async throws -> Order? {
        do {
            let order = try await body { [self] in state.withLock { $0.core.depart(number) } }
            end(number, .answered(order))
            return order
        } catch {
            end(number, .failed(error))
            throw error
        }
    }

    private func follow(_ number: UInt64) async -> End {
        await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                let early = state.withLock { state -> End? in
                    if let early = state.early.removeValue(forKey: number) { return early }
                    state.waiters[number] = continuation
                    return nil
                }
                if let early { continuation.resume(returning: early) }
            }
        } onCancel: {
            let waiter = state.withLock { state -> UnsafeContinuation<End, Never>? in
                guard state.core.leave(number) else { return nil }
                if let waiter = state.waiters.removeValue(forKey: number) { return waiter }
                state.early[number] = .unsent
                return nil
            }
            waiter?.resume(returning: .unsent)
        }
    }

    private func end(_ number: UInt64, _ end: End) {
        let (waiters, told) = state.withLock { state in
            let isUnsent = if case .failed = end { !state.core.hasDeparted(number) } else { false }
            let told = isUnsent ? .unsent : end
            let waiters = state.core.end(number).compactMap { follower -> UnsafeContinuation<End, Never>? in
                if let waiter = state.waiters.removeValue(forKey: follower) { return waiter }
                state.early[follower] = told
                return nil
            }
            return (waiters, told)
        }
        for waiter in waiters { waiter.resume(returning: told) }
    }
}

extension GuardError {
    /// True for what the venue has said of the order, whoever asked.
    fileprivate var holdsForEverybody: Bool { code == .rejected || code == .noSuchOrder }
}
