package import SeawallTime

extension GateCore {
    /// What may be sent for an order of this origin.
    package func permission(for origin: OrderOrigin, now: MonotonicInstant) -> Permission {
        permissions.effective(for: normalised(origin), now: now)
    }

    /// The origin with the gate's own account left out, whichever way it was named.
    package func normalised(_ origin: OrderOrigin) -> OrderOrigin {
        var origin = origin
        if origin.account == account { origin.account = nil }
        return origin
    }

    /// The key with the gate's own account left out, whichever way it was named.
    package func normalised(_ key: CauseKey) -> CauseKey {
        key.scope == .account(account) ? CauseKey(key.id, scope: .account(nil)) : key
    }
}
