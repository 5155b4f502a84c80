package import SeawallBroker
package import SeawallTime

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// Permissions and exposure together, so that one step decides by both and reserves: a pure state machine.
package struct GateCore: Sendable {
    /// What may be sent.
    package var permissions: PermissionCore

    /// What could still change the positions.
    package var book: ExposureBook

    /// The account whose positions the book keeps; nil is the key's own.
    package let account: AccountID?

    /// Makes a core with everything open and no position known.
    package init(account: AccountID? = nil, countsGroupsOnce: Bool = false, boot: Int = 0) {
        permissions = PermissionCore(boot: boot)
        book = ExposureBook(countsGroupsOnce: countsGroupsOnce)
        self.account = account
    }

    /// Decides an order and reserves its capacity in one step.
    package mutating func reserve(
        _ request: OrderRequest, as id: ClientOrderID, expires: MonotonicInstant?, now: MonotonicInstant
    ) -> GateAnswer<ClientOrderID> {
        let changes = permissions.expire(now: now)
        let order = examine(request, now: now)
        func answer(_ result: Result<ClientOrderID, Denial>) -> GateAnswer<ClientOrderID> {
            GateAnswer(result: result, permission: order.permission, changes: changes)
        }
        if let refusal = order.refusal { return answer(.failure(denial(refusal, of: order, now: now))) }
        if let expires, expires <= now {
            return answer(.failure(denial(Refusal(.expired), of: order, now: now)))
        }
        let reservation = ExposureOrder(
            origin: order.origin, symbol: request.symbol, side: request.side, phase: .reserved, total: order.steps,
            group: request.group, expires: expires)
        let isReducing = isReducing(order, group: request.group)
        guard book.reserve(reservation, as: .client(id)) else {
            return answer(.failure(denial(Refusal(.duplicateID), of: order, now: now)))
        }
        var admitted = answer(.success(id))
        admitted.isReducing = isReducing
        return admitted
    }

    /// Decides a reserved order again and hands it over in the same step; a refusal gives it back.
    package mutating func handOver(_ id: ClientOrderID, now: MonotonicInstant) -> GateAnswer<ClientOrderID> {
        let changes = permissions.expire(now: now)
        let known = book.orders[.client(id)]
        let order = Examined(known, permissions: permissions, now: now)
        let result: Result<ClientOrderID, Denial> =
            if let refusal = book.handOver(.client(id), under: order.permission, now: now) {
                .failure(denial(refusal, of: order, now: now))
            } else {
                .success(id)
            }
        return GateAnswer(result: result, permission: order.permission, changes: changes)
    }

    /// Decides an amend and reserves its capacity in one step.
    package mutating func reserve(
        _ request: AmendRequest, expires: MonotonicInstant?, now: MonotonicInstant
    ) -> GateAnswer<AmendTicket> {
        let changes = permissions.expire(now: now)
        let target = book.target(of: request.target)
        var order = Examined(book.orders[target], permissions: permissions, now: now)
        func answer(_ result: Result<AmendTicket, Denial>) -> GateAnswer<AmendTicket> {
            GateAnswer(result: result, permission: order.permission, changes: changes)
        }
        if let quantity = request.quantity {
            guard let steps = quantity.steps, steps > 0 else {
                order.text = "a whole quantity of \(quantity)"
                return answer(.failure(denial(Refusal(.invalidQuantity), of: order, now: now)))
            }
            order.steps = steps
            order.text = "an amend of \(target) to \(quantity)"
        }
        let amend = AmendReservation(
            order: target, total: request.quantity == nil ? nil : order.steps,
            changesPrice: request.price != nil || request.trigger != nil, expires: expires)
        if let expires, expires <= now {
            return answer(.failure(denial(Refusal(.expired), of: order, now: now)))
        }
        if let refusal = book.refusal(of: amend, under: order.permission) {
            return answer(.failure(denial(refusal, of: order, now: now)))
        }
        let isReducing = order.permission == .reduceOnly || book.refusal(of: amend, under: .reduceOnly) == nil
        var admitted = answer(.success(book.reserve(amend)))
        admitted.isReducing = isReducing
        return admitted
    }

    /// What passes under `reduceOnly` reduces; under `open` the same question is asked for the order's lane alone.
    private func isReducing(_ order: Examined, group: LinkID?) -> Bool {
        guard order.permission == .open, let symbol = order.symbol, let side = order.side else { return true }
        return book.refusal(
            symbol: symbol, side: side, quantity: order.steps, group: group, under: .reduceOnly) == nil
    }

    /// Decides a reserved amend again and hands it over in the same step; a refusal gives it back.
    package mutating func handOver(_ ticket: AmendTicket, now: MonotonicInstant) -> GateAnswer<AmendTicket> {
        let changes = permissions.expire(now: now)
        let target = book.amends[ticket]?.order
        let order = Examined(target.flatMap { book.orders[$0] }, permissions: permissions, now: now)
        let result: Result<AmendTicket, Denial> =
            if let refusal = book.handOver(ticket, under: order.permission, now: now) {
                .failure(denial(refusal, of: order, now: now))
            } else {
                .success(ticket)
            }
        return GateAnswer(result: result, permission: order.permission, changes: changes)
    }
}
