/// The last of what was appended, oldest first; appending to a full one drops the oldest in constant time.
struct Recent<Element: Sendable>: Sendable {
    private let limit: Int
    private var ring: [Element] = []
    private var oldest = 0

    init(limit: Int) { self.limit = limit }

    var count: Int { ring.count }

    mutating func append(_ element: Element) {
        if ring.count < limit { return ring.append(element) }
        guard limit > 0 else { return }
        ring[oldest] = element
        oldest = oldest + 1 == limit ? 0 : oldest + 1
    }

    /// The last `count`, or fewer where fewer are kept or wanted, oldest first.
    func last(_ count: Int = .max) -> [Element] {
        Array((ring[oldest...] + ring[..<oldest]).suffix(max(0, count)))
    }
}
