/// Delta debugging: takes elements out of a list for as long as what is left still does what it did.
///
/// The algorithm is ddmin (Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", IEEE
/// Transactions on Software Engineering, 2002): the result is 1-minimal, no single element can be taken out of it, as
/// long as `isStillSo` does not say no for want of budget. With n elements of which one matters it asks about
/// 2 log2 n times, at the worst n^2 + 3n times.
enum FaultReduction {
    static func reduce<Element>(_ all: [Element], _ isStillSo: ([Element]) -> Bool) -> [Element] {
        guard !all.isEmpty else { return all }
        if isStillSo([]) { return [] }
        var kept = all
        var parts = 2
        while kept.count > 1 {
            let chunks = split(kept, into: parts)
            if let chunk = chunks.first(where: isStillSo) {
                kept = chunk
                parts = 2
            } else if parts > 2, let rest = complements(of: chunks).first(where: isStillSo) {
                kept = rest
                parts = max(parts - 1, 2)
            } else if parts < kept.count {
                parts = min(parts * 2, kept.count)
            } else {
                break
            }
        }
        return kept
    }

    /// As many runs of neighbours as asked for, of nearly the same length.
    private static func split<Element>(_ list: [Element], into parts: Int) -> [[Element]] {
        let parts = min(parts, list.count)
        return (0..<parts).map { part in
            Array(list[(list.count * part / parts)..<(list.count * (part + 1) / parts)])
        }
    }

    private static func complements<Element>(of chunks: [[Element]]) -> some Sequence<[Element]> {
        chunks.indices.lazy.map { left in
            chunks.indices.flatMap { $0 == left ? [] : chunks[$0] }
        }
    }
}
