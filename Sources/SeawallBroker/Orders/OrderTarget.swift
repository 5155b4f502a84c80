/// Which order a cancel, an amend or a query means.
public enum OrderTarget: Hashable, Codable, Sendable {
    /// By the name that the venue gave it.
    case venue(VenueOrderID)
    /// By the name that our side gave it.
    case client(ClientOrderID)
}

extension OrderTarget: CustomStringConvertible {
    /// The id itself.
    public var description: String {
        switch self {
        case .venue(let id): id.rawValue
        case .client(let id): id.rawValue
        }
    }
}
