internal import Synchronization

/// The word of one gauge, where both the handle and the writer of the text reach it without touching a reference.
struct GaugeCell: ~Copyable, Sendable {
    private let bits = Atomic<UInt64>(0)

    @inline(__always)
    var value: Double { borrowing get { Double(bitPattern: bits.load(ordering: .relaxed)) } }

    @inline(__always)
    borrowing func set(_ value: Double) { bits.store(value.bitPattern, ordering: .relaxed) }

    borrowing func add(_ amount: Double) {
        bits.update { (Double(bitPattern: $0) + amount).bitPattern }
    }
}
