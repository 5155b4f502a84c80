/// The tickets of one lane that touch the same things, in order of arrival.
///
/// Only its first can ever go: who stands behind shares everything with it. Tickets that have left from the middle
/// stay as husks until they come to an end of the line or outnumber the rest.
struct WaitingLine: Sendable {
    private var tickets: [UInt64] = []
    private var head = 0
    private var husks: Set<UInt64> = []

    var isEmpty: Bool { first == nil }

    var first: UInt64? { head < tickets.count ? tickets[head] : nil }

    var last: UInt64? { head < tickets.count ? tickets.last : nil }

    mutating func append(_ ticket: UInt64) {
        tickets.append(ticket)
    }

    /// Takes a ticket out, wherever it stands.
    mutating func remove(_ ticket: UInt64) {
        husks.insert(ticket)
        while head < tickets.count, husks.remove(tickets[head]) != nil { head += 1 }
        while head < tickets.count, let last = tickets.last, husks.remove(last) != nil { tickets.removeLast() }
        if head * 2 > tickets.count || husks.count * 2 > tickets.count - head { compact() }
    }

    private mutating func compact() {
        tickets.removeSubrange(..<head)
        tickets.removeAll(where: husks.contains)
        husks.removeAll(keepingCapacity: true)
        head = 0
    }
}
