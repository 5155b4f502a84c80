public import SeawallBroker
public import SeawallTime

/// Decides by permission and by what could still change the position, and reserves, in one synchronous step.
///
/// The way of an order: `reserve` when it is placed, `handOver` in the same synchronous step as the call to the venue,
/// then what becomes known of it (`apply`, `end`, `giveBack`). From `reserve` until it is proven to have ended an order
/// counts with everything that may still fill. Permissions are raised and released through `pauses`, which shares the
/// one lock of the gate. Cancels are asked of `permission(for:)` alone: everything but `frozen` lets them through.
///
/// One gate keeps the positions of one account at one venue, in the venue's netting unit. What reduces on a spot venue
/// is holdings: give them as positions.
public final class OrderGate: Sendable {
    /// The face by which trading is paused, resumed and killed.
    public let pauses: PauseController

    let storage: GateStorage

    /// Makes a gate with everything open and no position known.
    ///
    /// - Parameters:
    ///   - environment: Where time comes from.
    ///   - account: The account whose positions the gate keeps; nil is the key's own. Orders for others are denied.
    ///   - capabilities: What the venue has. With `linkedGroups`, orders of one group are counted once, which is right
    ///     only where the venue ends the others as soon as one trades, those that arrive later too.
    ///   - boot: How often the process has been started; it keeps the ids of changes apart between starts.
    public init(
        environment: RuntimeEnvironment = RuntimeEnvironment(), account: AccountID? = nil,
        capabilities: Set<BrokerCapability> = [], boot: Int = 0
    ) {
        let core = GateCore(
            account: account, countsGroupsOnce: capabilities.contains(.linkedGroups), boot: boot)
        storage = GateStorage(core, time: environment.time)
        pauses = PauseController(storage)
    }

    /// Decides an order and reserves its capacity in one step.
    ///
    /// Under `open` every well-formed order is admitted. Under `reduceOnly` only one whose side opposes the position and
    /// whose quantity fits in what no other order may close first; the request's own reduce-only flag is not believed.
    /// Complexity: linear in the orders outstanding for the symbol under `reduceOnly`, else constant.
    ///
    /// - Parameters:
    ///   - request: What is to be sent.
    ///   - id: The client order id, fixed once for the intent. It names the reservation.
    ///   - expires: When it is too late to hand the order over; nil: never.
    public func reserve(
        _ request: OrderRequest, as id: ClientOrderID, expires: MonotonicInstant? = nil
    ) -> GateAnswer<ClientOrderID> {
        storage.step { core, now in core.reserve(request, as: id, expires: expires, now: now) }
    }

    /// Decides a reserved order again, now that it is handed over to the venue; call it with no `await` in between.
    ///
    /// Admitted, it counts as sent. Denied, by a permission that has changed since, by the position or because it is
    /// late, its reservation is given back; an order that had been handed over before stays counted.
    public func handOver(_ id: ClientOrderID) -> GateAnswer<ClientOrderID> {
        storage.step { core, now in core.handOver(id, now: now) }
    }

    /// Decides an amend and reserves its capacity in one step: until it is settled the larger quantity counts.
    ///
    /// Under `reduceOnly` a smaller quantity at the same price always passes; a new price or a larger quantity only for
    /// an order that reduces and still fits.
    public func reserve(_ request: AmendRequest, expires: MonotonicInstant? = nil) -> GateAnswer<AmendTicket> {
        storage.step { core, now in core.reserve(request, expires: expires, now: now) }
    }

    /// Decides a reserved amend again, now that it is handed over; a denied one is given back.
    public func handOver(_ amend: AmendTicket) -> GateAnswer<AmendTicket> {
        storage.step { core, now in core.handOver(amend, now: now) }
    }

    /// Ends an amend that became true, or of which proof came that it never will.
    ///
    /// Leave an unproven one alone: it still counts.
    public func settle(_ amend: AmendTicket, applied: Bool) {
        storage.step { core, _ in core.book.settle(amend, applied: applied) }
    }

    /// Says what stands in the way of an order, without sending or reserving anything.
    public func explain(_ request: OrderRequest) -> GateExplanation {
        storage.step { core, now in core.explain(request, now: now) }
    }

    /// What may be sent for such an order now, the most restrictive cause deciding.
    public func permission(for origin: OrderOrigin = OrderOrigin()) -> Permission {
        storage.step { core, now in core.permission(for: origin, now: now) }
    }

    /// True where a cancel may be sent: no pause stops it, only what the venue itself makes impossible.
    public func allowsCancels(for origin: OrderOrigin = OrderOrigin()) -> Bool {
        permission(for: origin).allowsCancels
    }
}
