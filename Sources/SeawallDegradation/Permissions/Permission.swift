/// What may be sent: `open > reduceOnly > cancelOnly > frozen`, so the smaller of two is the more restrictive.
public enum Permission: String, Codable, Sendable, CaseIterable {
    /// Everything.
    case open
    /// What provably shrinks a position, and cancels.
    case reduceOnly = "reduce_only"
    /// Cancels only.
    case cancelOnly = "cancel_only"
    /// Nothing, not even cancels: what a venue makes impossible (a ban, maintenance), never an operator's pause.
    case frozen

    /// True where a cancel may be sent: under everything but `frozen`.
    public var allowsCancels: Bool { self != .frozen }

    private var rank: Int {
        switch self {
        case .frozen: 0
        case .cancelOnly: 1
        case .reduceOnly: 2
        case .open: 3
        }
    }
}

extension Permission: Comparable {
    /// Orders permissions by how much they allow: `frozen < cancelOnly < reduceOnly < open`.
    public static func < (lhs: Permission, rhs: Permission) -> Bool { lhs.rank < rhs.rank }
}

extension Permission: CustomStringConvertible {
    /// The word that records use: `open`, `reduce_only`, `cancel_only`, `frozen`.
    public var description: String { rawValue }
}
