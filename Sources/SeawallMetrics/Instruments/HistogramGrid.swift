internal import Synchronization

/// The cells of one histogram, a row of one cell a bucket; more rows where threads met.
final class HistogramGrid: @unchecked Sendable {
    // Unchecked only for the pointers: the first row is fixed, the others are published by an atomic.
    private let row: UnsafeMutableRawPointer
    private let copies = Atomic<UnsafeMutableRawPointer?>(nil)
    let width: Int

    init(width: Int) {
        self.width = width
        row = Self.allocate(rows: 1, width: width)
    }

    deinit {
        Self.deallocate(row, rows: 1, width: width)
        if let copies = copies.load(ordering: .acquiring) {
            Self.deallocate(copies, rows: Stripe.count, width: width)
        }
    }

    /// Counts one observation in a bucket and lets `sum` make the new sum's bits of the old.
    @inline(__always)
    func record(_ bucket: Int, _ sum: (UInt64) -> UInt64) {
        if copies.load(ordering: .relaxed) == nil,
            HistogramCell.tryRecord(at: row + bucket &* HistogramCell.size, sum)
        {
            return
        }
        let copies = copies.load(ordering: .acquiring) ?? makeCopies()
        let cell = copies + Stripe.current &* Self.rowSize(width) + bucket &* HistogramCell.size
        while !HistogramCell.tryRecord(at: cell, sum) {}
    }

    /// Gives the count and the sum's bits of each bucket's cells, several times for a bucket where there are more rows.
    func read(_ body: (_ bucket: Int, _ count: UInt64, _ sum: UInt64) -> Void) {
        Self.read(row, width, body)
        guard let copies = copies.load(ordering: .acquiring) else { return }
        for index in 0..<Stripe.count { Self.read(copies + index * Self.rowSize(width), width, body) }
    }

    @inline(never)
    private func makeCopies() -> UnsafeMutableRawPointer {
        let made = Self.allocate(rows: Stripe.count, width: width)
        let (exchanged, original) = copies.compareExchange(
            expected: nil, desired: made, ordering: .acquiringAndReleasing)
        if exchanged { return made }
        Self.deallocate(made, rows: Stripe.count, width: width)
        return original ?? makeCopies()
    }

    private static func read(
        _ row: UnsafeMutableRawPointer, _ width: Int, _ body: (Int, UInt64, UInt64) -> Void
    ) {
        for bucket in 0..<width {
            let (count, sum) = HistogramCell.load(at: row + bucket * HistogramCell.size)
            body(bucket, count, sum)
        }
    }

    /// Rows begin on cache lines of their own.
    @inline(__always)
    private static func rowSize(_ width: Int) -> Int {
        (width &* HistogramCell.size &+ Stripe.spacing &- 1) & ~(Stripe.spacing &- 1)
    }

    private static func allocate(rows: Int, width: Int) -> UnsafeMutableRawPointer {
        let base = UnsafeMutableRawPointer.allocate(byteCount: rows * rowSize(width), alignment: Stripe.spacing)
        for index in 0..<rows {
            for bucket in 0..<width {
                HistogramCell.initialize(at: base + index * rowSize(width) + bucket * HistogramCell.size)
            }
        }
        return base
    }

    private static func deallocate(_ base: UnsafeMutableRawPointer, rows: Int, width: Int) {
        for index in 0..<rows {
            for bucket in 0..<width {
                HistogramCell.deinitialize(at: base + index * rowSize(width) + bucket * HistogramCell.size)
            }
        }
        base.deallocate()
    }
}
