/// How much of one of the venue's limits is used, as the venue says.
public struct LimitUsage: Hashable, Codable, Sendable {
    /// The limit's name in the venue's profile.
    public var name: String

    /// How much is used in the present window.
    public var used: Int

    /// The limit.
    public var limit: Int

    /// Makes a usage.
    public init(name: String, used: Int, limit: Int) {
        self.name = name
        self.used = used
        self.limit = limit
    }
}
