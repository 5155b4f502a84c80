internal import Seawall

/// How much is forbidden at a moment, in the judge's own order: later cases forbid more.
enum Restriction: Int, Comparable, Sendable {
    case open, reduceOnly, cancelOnly, frozen

    init(_ permission: Permission) {
        switch permission {
        case .open: self = .open
        case .reduceOnly: self = .reduceOnly
        case .cancelOnly: self = .cancelOnly
        case .frozen: self = .frozen
        }
    }

    static func < (lhs: Restriction, rhs: Restriction) -> Bool { lhs.rawValue < rhs.rawValue }
}

/// Whose an order is, as far as causes tell orders apart.
struct Origin: Sendable {
    var symbol: Symbol?
    var strategy: StrategyID?
    var account: AccountID?
}
