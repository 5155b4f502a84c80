internal import SeawallBroker
internal import SeawallRateLimit

extension ReliabilityLayer {
    /// Sets one of the venue's limits while running, such as one of which `limits()` tells another number.
    ///
    /// What has been used stays used, and what calls under way hold stays held. Who waits for more than can ever fit now is
    /// refused. It holds until it is set again, and not over a restart: there the profile counts.
    ///
    /// - Parameters:
    ///   - name: The limit's name in the profile.
    ///   - limit: How much the window holds, or how high the counter may stand.
    /// - Throws: `GuardError` of code `invalid` where the profile has no such limit that calls use up, or where calls would
    ///   not fit into it; then nothing has changed.
    public func setLimit(_ name: String, to limit: Int) throws(GuardError) {
        var profile = broker.profile
        let kept = profile.limits.indices.filter { profile.limits[$0].counts != .open }
        guard let index = kept.first(where: { profile.limits[$0].name == name }) else {
            let names = kept.map { profile.limits[$0].name }.joined(separator: ", ")
            throw GuardError(
                code: .invalid, message: "\(profile.name) has no limit \(name) that calls use up, but \(names)")
        }
        guard limit >= 1 else {
            throw GuardError(code: .invalid, message: "limit \(name) cannot be \(limit), expected 1 or more")
        }
        profile.limits[index].limit = limit
        let changed = try RateLimiterConfiguration(venue: profile, broker.configuration)
        guard let bucket = changed.buckets.first(where: { $0.name == name }) else { return }
        do {
            try limiter.update(bucket)
        } catch {
            throw GuardError(code: .invalid, message: "limit \(name) cannot be \(limit): \(error)", cause: error)
        }
    }
}
