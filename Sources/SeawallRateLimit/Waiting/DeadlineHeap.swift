/// The deadlines of waiters, earliest first.
///
/// Who left by another way stays in the heap until it comes up or `prune` drops it.
struct DeadlineHeap: Sendable {
    struct Node: Sendable {
        var deadline: Int64
        var ticket: UInt64
    }

    private var nodes: [Node] = []

    var count: Int { nodes.count }

    var first: Node? { nodes.first }

    mutating func push(_ deadline: Int64, ticket: UInt64) {
        nodes.append(Node(deadline: deadline, ticket: ticket))
        var child = nodes.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard precedes(child, parent) else { return }
            nodes.swapAt(child, parent)
            child = parent
        }
    }

    mutating func popFirst() {
        guard nodes.count > 1 else { return nodes.removeAll(keepingCapacity: true) }
        nodes[0] = nodes.removeLast()
        siftDown(0)
    }

    mutating func prune(keeping isKept: (Node) -> Bool) {
        nodes.removeAll { !isKept($0) }
        for parent in stride(from: nodes.count / 2, through: 0, by: -1) { siftDown(parent) }
    }

    private mutating func siftDown(_ start: Int) {
        var parent = start
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < nodes.count && precedes(child, least) {
                least = child
            }
            if least == parent { return }
            nodes.swapAt(parent, least)
            parent = least
        }
    }

    private func precedes(_ lhs: Int, _ rhs: Int) -> Bool {
        let (left, right) = (nodes[lhs], nodes[rhs])
        return left.deadline != right.deadline ? left.deadline < right.deadline : left.ticket < right.ticket
    }
}
