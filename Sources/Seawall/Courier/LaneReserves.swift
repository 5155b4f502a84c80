internal import SeawallBroker
internal import SeawallRateLimit

/// What of a bucket each lane finds, whatever the lanes below it have used.
///
/// A twentieth of a bucket of weight for cancels, a fortieth of any bucket for each lane below them but the last, and at
/// least one of the heaviest calls that it is there for: so that no reader of history stops a price, no price an order, no
/// order a question after another's fate, and nothing at all the orders that reduce and the cancels. Where one call is more
/// than a tenth of the bucket its lane is only first in line.
struct LaneReserves: Sendable {
    /// The reserves by lane, for `BucketConfiguration.reserves`.
    private(set) var byLane: [Lane: Int] = [:]

    /// The reserves of one limit of a venue, in a bucket of `capacity`.
    ///
    /// A lane below cancels has none where none of its calls cost anything, where no call of a lane below does, where one
    /// call takes more than a tenth, and where it would leave too little for the heaviest call below, or less than half.
    init(of venue: VenueProfile, in limit: LimitRule, capacity: Int) {
        let weights = Lane.trading.map { lane in
            Self.operations(of: lane).map { venue.heaviest($0, in: limit.name) }.max() ?? 0
        }
        var sum = 0
        for (index, lane) in Lane.trading.enumerated() {
            let below = weights[(index + 1)...].max() ?? 0
            let weight = weights[index]
            if lane == .cancel {
                let share = limit.counts == .weight ? capacity / 20 : 0
                // A bucket that one cancel fills is left to whoever comes: nothing could be placed otherwise.
                sum = weight.addingSaturating(weight) <= capacity ? max(share, weight) : share
                if sum > 0 { byLane[lane] = sum }
                continue
            }
            guard weight > 0, below > 0, weight <= capacity / 10 else { continue }
            let reserve = max(capacity / 40, weight)
            let taken = sum.addingSaturating(reserve)
            guard taken <= capacity / 2, below <= capacity - taken else { continue }
            byLane[lane] = reserve
            sum = taken
        }
    }

    /// What lanes above that of an operation keep from it.
    func kept(from operation: BrokerOperation) -> Int {
        Lane.trading.prefix { $0 != operation.lowestLane }.reduce(0) { $0.addingSaturating(byLane[$1] ?? 0) }
    }

    private static func operations(of lane: Lane) -> [BrokerOperation] {
        switch lane {
        // The timer is set again before it ends, and can wait as cancels cannot.
        case .cancel: [.cancel, .cancelMany, .cancelAll]
        // What an order does to the position decides which of the two lanes it takes.
        case .reduce: operations(of: .newOrder)
        // Where a venue cannot be asked for one order, the open ones are listed.
        case .resolve: [.query, .openOrders]
        default: BrokerOperation.allCases.filter { $0.lowestLane == lane }
        }
    }
}

extension BrokerOperation {
    /// The lowest lane in which calls of this kind go.
    var lowestLane: Lane {
        switch self {
        case .cancel, .cancelMany, .cancelAll, .timer: .cancel
        case .place, .amend: .newOrder
        case .query: .resolve
        case .openOrders, .fills, .balances, .positions, .ticker, .depth, .preview, .rules, .status, .limits,
            .time, .marketStream, .userStream:
            .marketData
        case .history, .candles, .fees, .permissions: .history
        }
    }
}

extension VenueProfile {
    /// The most that one call of an operation can cost in a limit, for an order of any age.
    func heaviest(_ operation: BrokerOperation, in limit: String) -> Int {
        let plain = max(costs[operation]?[limit] ?? 0, costsWithoutSymbol[operation]?[limit] ?? 0)
        let young = costsByAge[operation]?[limit]?.map(\.cost).max() ?? 0
        return plain.addingSaturating(young)
    }
}
