internal import SeawallTime
internal import Synchronization

/// The words of one counter, where both the handle and the writer of the text reach them without touching a reference.
struct CounterCell: ~Copyable, @unchecked Sendable {
    // Unchecked only for the pointer to the copies, which an atomic publishes when they are ready.
    /// Where the whole part stops: far above what can be counted, and far enough below the word's end.
    static let limit: UInt64 = 1 << 62

    private let whole = Atomic<UInt64>(0)
    private let fraction = Atomic<UInt64>(0)
    private let stripes = Atomic<UnsafeMutableRawPointer?>(nil)
    private let exemplar = Atomic<Bool>(false)

    deinit { stripes.load(ordering: .acquiring)?.deallocate() }

    /// Adds one.
    ///
    /// One in so many times it looks whether other threads are at it too, since the blind addition does not tell.
    @inline(__always)
    borrowing func addOne() {
        guard stripes.load(ordering: .relaxed) == nil else { return addContended(1) }
        let old = whole.wrappingAdd(1, ordering: .relaxed).oldValue
        if old & 63 == 0 { probe() }
    }

    /// Adds a whole number; the sum stops at the limit.
    @inline(__always)
    borrowing func add(_ amount: UInt64) {
        if stripes.load(ordering: .relaxed) == nil {
            let current = whole.load(ordering: .relaxed)
            let sum = Self.limited(current, plus: amount)
            if whole.compareExchange(expected: current, desired: sum, ordering: .relaxed).exchanged { return }
        }
        addContended(amount)
    }

    /// Adds a number that is finite and not negative; the sum stays finite.
    borrowing func add(_ amount: Double) {
        fraction.update { bits in
            min(Double(bitPattern: bits) + amount, .greatestFiniteMagnitude).bitPattern
        }
    }

    /// Raises the number to `total` unless it is there already.
    borrowing func raise(to total: Double) {
        let missing = total - Double(wholeValue)
        fraction.update { max(Double(bitPattern: $0), missing).bitPattern }
    }

    /// The sum of the whole numbers; of two readings of one thread the second is never less.
    @inline(__always)
    var wholeValue: UInt64 {
        borrowing get {
            let first = whole.load(ordering: .relaxed)
            guard let copies = stripes.load(ordering: .acquiring) else { return first }
            return Self.sum(copies, from: first)
        }
    }

    /// What was added in fractions.
    @inline(__always)
    var fractionValue: Double { borrowing get { Double(bitPattern: fraction.load(ordering: .relaxed)) } }

    /// Whether the handle keeps an exemplar.
    var hasExemplar: Bool { borrowing get { exemplar.load(ordering: .relaxed) } }

    borrowing func noteExemplar() { exemplar.store(true, ordering: .relaxed) }

    @inline(__always)
    private static func limited(_ current: UInt64, plus amount: UInt64) -> UInt64 {
        // Neither is past 2^63, so that the sum does not wrap.
        max(current, min(current &+ amount, limit))
    }

    /// Gives each thread a part of the number if another one changes it meanwhile.
    @inline(never)
    private borrowing func probe() {
        for _ in 0..<4 {
            let current = whole.load(ordering: .relaxed)
            if whole.compareExchange(expected: current, desired: current, ordering: .relaxed).exchanged { continue }
            if stripes.load(ordering: .acquiring) == nil { _ = makeStripes() }
            return
        }
    }

    @inline(never)
    private borrowing func addContended(_ amount: UInt64) {
        let copies = stripes.load(ordering: .acquiring) ?? makeStripes()
        Self.word(copies, Stripe.current).pointee.update { Self.limited($0, plus: amount) }
    }

    private borrowing func makeStripes() -> UnsafeMutableRawPointer {
        let copies = UnsafeMutableRawPointer.allocate(
            byteCount: Stripe.count * Stripe.spacing, alignment: Stripe.spacing)
        for index in 0..<Stripe.count { Self.word(copies, index).initialize(to: Atomic(0)) }
        let (exchanged, original) = stripes.compareExchange(
            expected: nil, desired: copies, ordering: .acquiringAndReleasing)
        if exchanged { return copies }
        copies.deallocate()
        return original ?? makeStripes()
    }

    @inline(never)
    private static func sum(_ copies: UnsafeMutableRawPointer, from first: UInt64) -> UInt64 {
        var sum = first
        for index in 0..<Stripe.count {
            sum = sum.addingSaturating(word(copies, index).pointee.load(ordering: .relaxed))
        }
        return sum
    }

    @inline(__always)
    private static func word(_ copies: UnsafeMutableRawPointer, _ index: Int) -> UnsafeMutablePointer<Atomic<UInt64>> {
        (copies + index &* Stripe.spacing).assumingMemoryBound(to: Atomic<UInt64>.self)
    }
}
