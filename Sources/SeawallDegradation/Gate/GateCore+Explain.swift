package import SeawallBroker
package import SeawallTime

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

extension GateCore {
    /// An order with what the gate has found out about it so far.
    package struct Examined: Sendable {
        package var origin: OrderOrigin
        package var permission: Permission
        package var symbol: Symbol?
        package var side: Side?
        /// The quantity in steps; nil for one in quote.
        package var steps: Int128?
        package var refusal: Refusal?
        /// What was asked, for a message.
        package var text: String
    }

    /// What the gate thinks of an order, reserving nothing.
    package func examine(_ request: OrderRequest, now: MonotonicInstant) -> Examined {
        let origin = normalised(
            OrderOrigin(symbol: request.symbol, strategy: request.strategy, account: request.account))
        var order = Examined(
            origin: origin, permission: permissions.effective(for: origin, now: now), symbol: request.symbol,
            side: request.side, steps: nil, refusal: nil, text: request.text)
        guard origin.account == nil else {
            order.refusal = Refusal(.otherAccount)
            return order
        }
        guard let steps = request.quantity.amount.steps, steps > 0 else {
            order.refusal = Refusal(.invalidQuantity)
            return order
        }
        if case .base = request.quantity { order.steps = steps }
        order.refusal = book.refusal(
            symbol: request.symbol, side: request.side, quantity: order.steps, group: request.group,
            under: order.permission)
        return order
    }

    /// What stands in the way of an order, without reserving anything.
    package func explain(_ request: OrderRequest, now: MonotonicInstant) -> GateExplanation {
        let order = examine(request, now: now)
        let denial = order.refusal.map { self.denial($0, of: order, now: now) }
        let largest: Decimal? =
            if order.permission == .reduceOnly {
                book.largest(symbol: request.symbol, side: request.side, group: request.group)
                    .map { Decimal(steps: $0) }
            } else {
                nil
            }
        return GateExplanation(
            permission: order.permission, denial: denial, blockers: denial?.blockers ?? [], largest: largest)
    }

    /// A refusal in words, with every cause that would have to end.
    package func denial(_ refusal: Refusal, of order: Examined, now: MonotonicInstant) -> Denial {
        Denial(
            code: refusal.code, message: message(refusal, of: order), permission: order.permission,
            blockers: blockers(refusal, of: order, now: now), largest: refusal.largest.map { Decimal(steps: $0) },
            holders: refusal.holders.map(\.order))
    }

    /// The causes that would deny the order each on its own: a reducing one passes those that are only `reduceOnly`.
    private func blockers(_ refusal: Refusal, of order: Examined, now: MonotonicInstant) -> [CauseStatus] {
        let isByPermission =
            switch refusal.code {
            case .invalidQuantity, .otherAccount, .duplicateID, .unknownOrder, .expired: false
            default: true
            }
        guard isByPermission else { return [] }
        let reduces =
            if refusal.code == .paused, let symbol = order.symbol, let side = order.side, let steps = order.steps {
                book.refusal(symbol: symbol, side: side, quantity: steps, group: nil, under: .reduceOnly) == nil
            } else {
                false
            }
        return permissions.active(now: now) { cause in
            cause.key.scope.covers(order.origin) && (cause.level < .reduceOnly || !reduces)
        }
    }

    private func message(_ refusal: Refusal, of order: Examined) -> String {
        let position = refusal.position.map { Decimal(steps: $0).description } ?? "unknown"
        let symbol = order.symbol.map(\.rawValue) ?? "the symbol"
        return switch refusal.code {
        case .paused: "\(order.text): no orders may be sent under \(order.permission)"
        case .opens: "\(order.text) would not reduce the position of \(position); only reducing orders may be sent"
        case .flat: "\(order.text): there is no position in \(symbol) to reduce; only reducing orders may be sent"
        case .positionUnknown: "\(order.text): the position in \(symbol) is not known, so nothing is proved to reduce"
        case .exceedsCapacity: exceeds(refusal, of: order, position: position)
        case .quoteQuantity: "\(order.text): a quantity in quote cannot be proved to reduce; give it in base"
        case .invalidQuantity: "\(order.text): expected a number above zero with at most 18 decimal places"
        case .otherAccount:
            "\(order.text) is for account \(order.origin.account?.rawValue ?? "nil"); this gate keeps the positions of "
                + "\(account?.rawValue ?? "the key's own")"
        case .duplicateID: "\(order.text): its client order id belongs to an order that the gate knows"
        case .unknownOrder: "the gate knows no such order that could still be handed over or changed"
        case .expired: "\(order.text): it is too late to send it"
        default: "\(order.text): \(refusal.code)"
        }
    }

    private func exceeds(_ refusal: Refusal, of order: Examined, position: String) -> String {
        let largest = refusal.largest.map { "at most \(Decimal(steps: $0))" } ?? "nothing more"
        var text = "\(order.text): of the position of \(position) \(largest) may be reduced"
        if !refusal.holders.isEmpty {
            let holders = refusal.holders.map { holder in
                let remaining = holder.remaining == .max ? "any quantity" : Decimal(steps: holder.remaining).description
                return "\(holder.order) (\(remaining))"
            }
            text += ", since these orders may close first: " + holders.joined(separator: ", ")
        }
        return text
    }
}

extension GateCore.Examined {
    /// What the gate knows of an order that it has reserved before.
    package init(_ order: ExposureOrder?, permissions: PermissionCore, now: MonotonicInstant) {
        let origin = order?.origin ?? OrderOrigin()
        let quantity = order?.total.map { Decimal(steps: $0).description } ?? "a quantity in quote"
        self.init(
            origin: origin, permission: permissions.effective(for: origin, now: now), symbol: order?.symbol,
            side: order?.side, steps: order?.total, refusal: nil,
            text: order.map { "\($0.side.rawValue) \(quantity) \($0.symbol)" } ?? "the order")
    }
}

extension OrderRequest {
    /// The order in a few words, for a message.
    fileprivate var text: String {
        switch quantity {
        case .base(let amount): "\(side.rawValue) \(amount) \(symbol)"
        case .quote(let amount): "\(side.rawValue) \(symbol) for \(amount) in quote"
        }
    }
}
