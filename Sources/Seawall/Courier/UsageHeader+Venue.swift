internal import SeawallBroker
internal import SeawallRateLimit

extension UsageHeader {
    /// The headers by which a venue tells of its limits, in the limiter's terms.
    static func all(of profile: VenueProfile) -> [UsageHeader] {
        let used = profile.usageHeaders.sorted { $0.key < $1.key }.map { UsageHeader(name: $0.value, bucket: $0.key) }
        return used + profile.limitHeaders.map { UsageHeader(name: $0.header, bucket: $0.limit, meaning: $0.meaning) }
    }
}
