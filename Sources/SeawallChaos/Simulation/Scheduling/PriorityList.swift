/// The jobs that could run now: the one of the highest priority first, of equal ones the oldest.
///
/// A binary heap; both operations are logarithmic in the number of jobs.
struct PriorityList<Job> {
    struct Entry {
        var job: Job
        var task: Int
        var priority: UInt64
        fileprivate(set) var order: UInt64

        fileprivate func precedes(_ other: Entry) -> Bool {
            priority != other.priority ? priority > other.priority : order < other.order
        }
    }

    private var heap: [Entry] = []
    private var lastOrder: UInt64 = 0

    var count: Int { heap.count }

    mutating func append(_ job: Job, task: Int, priority: UInt64) {
        lastOrder += 1
        heap.append(Entry(job: job, task: task, priority: priority, order: lastOrder))
        rise(heap.count - 1)
    }

    mutating func takeFirst() -> Entry? {
        guard let first = heap.first else { return nil }
        let last = heap.removeLast()
        if !heap.isEmpty {
            heap[0] = last
            sink(0)
        }
        return first
    }

    /// The job at `position` of the heap's own order, nil outside of `0 ..< count`.
    mutating func take(at position: Int) -> Entry? {
        guard heap.indices.contains(position) else { return nil }
        let taken = heap[position]
        let last = heap.removeLast()
        if position < heap.count {
            heap[position] = last
            rise(position)
            sink(position)
        }
        return taken
    }

    /// Takes out every job that `isMeant` says, in the order in which they came.
    mutating func takeAll(where isMeant: (Job) -> Bool) -> [Job] {
        let taken = heap.filter { isMeant($0.job) }.sorted { $0.order < $1.order }
        heap.removeAll { isMeant($0.job) }
        for position in heap.indices { rise(position) }
        return taken.map(\.job)
    }

    private mutating func rise(_ position: Int) {
        var position = position
        while position > 0 {
            let parent = (position - 1) / 2
            guard heap[position].precedes(heap[parent]) else { return }
            heap.swapAt(position, parent)
            position = parent
        }
    }

    private mutating func sink(_ position: Int) {
        var position = position
        while true {
            var best = position
            for child in [2 * position + 1, 2 * position + 2] where child < heap.count {
                if heap[child].precedes(heap[best]) { best = child }
            }
            guard best != position else { return }
            heap.swapAt(position, best)
            position = best
        }
    }
}
