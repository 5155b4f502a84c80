import SeawallBroker

/// The truth, as plain lists: what was sent, what has filled, and the news of it that nobody has read yet.
struct NaiveVenue {
    struct Sent {
        let id: ClientOrderID
        let side: Side
        var total: Int
        var filled = 0
        var isLive = true
        var fills = 0
        var group: LinkID?
        /// True while nothing that was sent since could turn its fills into more than reducing.
        var mustReduce: Bool
    }

    enum News {
        case fill(ClientOrderID, id: FillID, side: Side, quantity: Int)
        case snapshot(ClientOrderID, total: Int, filled: Int, isOver: Bool)
    }

    var position: Int
    var sent: [Sent] = []
    var news: [News] = []
    /// What a fill of an order that had to reduce did instead.
    var broken: [String] = []

    init(position: Int) { self.position = position }

    mutating func send(_ id: ClientOrderID, _ side: Side, _ total: Int, group: LinkID? = nil, mustReduce: Bool) {
        if !mustReduce {
            for index in sent.indices where sent[index].side == side { sent[index].mustReduce = false }
        }
        sent.append(Sent(id: id, side: side, total: total, group: group, mustReduce: mustReduce))
        if let group, sent.contains(where: { $0.group == group && $0.filled > 0 }) { end(sent.count - 1) }
    }

    mutating func fill(_ index: Int, _ quantity: Int) {
        let quantity = min(quantity, sent[index].total - sent[index].filled)
        guard sent[index].isLive, quantity > 0 else { return }
        let before = position
        position += sent[index].side == .buy ? quantity : -quantity
        sent[index].filled += quantity
        sent[index].fills += 1
        if sent[index].mustReduce, abs(position) >= abs(before) || position.signum() * before.signum() < 0 {
            broken.append("\(sent[index].id) took the position from \(before) to \(position)")
        }
        let order = sent[index]
        news.append(.fill(order.id, id: FillID("\(order.fills)"), side: order.side, quantity: quantity))
        if order.filled >= order.total { sent[index].isLive = false }
        report(index)
        if let group = order.group {
            for other in sent.indices where other != index && sent[other].group == group { end(other) }
        }
    }

    mutating func end(_ index: Int) {
        guard sent[index].isLive else { return }
        sent[index].isLive = false
        report(index)
    }

    mutating func report(_ index: Int) {
        let order = sent[index]
        news.append(.snapshot(order.id, total: order.total, filled: order.filled, isOver: !order.isLive))
    }

    /// The lowest and the highest position that what is live can still make.
    var envelope: (low: Int, high: Int) {
        func remaining(_ side: Side) -> Int {
            var groups: [LinkID: Int] = [:]
            var sum = 0
            for order in sent where order.isLive && order.side == side {
                let rest = order.total - order.filled
                if let group = order.group { groups[group] = max(groups[group] ?? 0, rest) } else { sum += rest }
            }
            return sum + groups.values.reduce(0, +)
        }
        return (position - remaining(.sell), position + remaining(.buy))
    }
}
