internal import SeawallBroker
internal import SeawallRateLimit

extension RateLimiterConfiguration {
    /// The limiter of a venue: a bucket for each of its windows, of which `share` thousandths are used.
    ///
    /// A twentieth of each bucket of weight is kept for cancels, so that market data never uses up what they need.
    init(venue: VenueProfile, share: Int) {
        let buckets = venue.limits.filter(\.isWindow).map { limit in
            var bucket = BucketConfiguration(
                name: limit.name, scope: limit.scope.rawValue, limit: limit.limit, window: limit.window,
                marginPerMille: share)
            if limit.counts == .weight, bucket.capacity >= 20 { bucket.reserves = [.cancel: bucket.capacity / 20] }
            return bucket
        }
        self.init(lanes: Lane.trading, buckets: buckets)
    }
}
