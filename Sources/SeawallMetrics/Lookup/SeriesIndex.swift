internal import Synchronization

/// The entries by the hash of their values: read by any thread without a lock, filled by one at a time.
///
/// A table that is too full is replaced by one of twice the size and kept to the end, since someone may still be reading
/// it; all of them together are no larger than the last.
final class SeriesIndex: @unchecked Sendable {
    // Unchecked only for the pointers to memory that is written before an atomic store publishes it.
    private typealias Slot = Atomic<UnsafeMutablePointer<SeriesEntry>?>

    private struct Table {
        let mask: Int
        let slots: UnsafeMutablePointer<Slot>

        init(size: Int) {
            mask = size - 1
            slots = .allocate(capacity: size)
            for index in 0..<size { (slots + index).initialize(to: Slot(nil)) }
        }
    }

    private let current: Atomic<UnsafeMutablePointer<Table>>
    private var tables: [UnsafeMutablePointer<Table>]
    private var entries: [UnsafeMutablePointer<SeriesEntry>] = []

    init() {
        let table = UnsafeMutablePointer<Table>.allocate(capacity: 1)
        table.initialize(to: Table(size: 16))
        tables = [table]
        current = Atomic(table)
    }

    deinit {
        for entry in entries { UnsafeMutableRawPointer(entry).deallocate() }
        for table in tables {
            table.pointee.slots.deallocate()
            table.deallocate()
        }
    }

    /// The entry of this hash that `matches`; nil if there is none.
    @inline(__always)
    func find(
        _ hash: UInt64, _ matches: (UnsafeRawPointer) -> Bool
    ) -> UnsafeMutablePointer<SeriesEntry>? {
        let table = current.load(ordering: .acquiring).pointee
        var position = Int(truncatingIfNeeded: hash) & table.mask
        // There is always a free slot.
        while let entry = table.slots[position].load(ordering: .acquiring) {
            if entry.pointee.hash == hash, matches(SeriesEntry.key(of: entry)) { return entry }
            position = (position &+ 1) & table.mask
        }
        return nil
    }

    /// Adds the entry of values that are not there; only one thread at a time may do so.
    func insert(_ values: [String], hash: UInt64, instrument: AnyObject) {
        let stored = SeriesEntry.allocate(values, hash: hash, instrument: instrument)
        entries.append(stored)
        let table = current.load(ordering: .relaxed)
        guard entries.count * 2 > table.pointee.mask else { return Self.put(stored, into: table.pointee) }
        let larger = UnsafeMutablePointer<Table>.allocate(capacity: 1)
        larger.initialize(to: Table(size: (table.pointee.mask + 1) * 2))
        for entry in entries { Self.put(entry, into: larger.pointee) }
        tables.append(larger)
        current.store(larger, ordering: .releasing)
    }

    private static func put(_ entry: UnsafeMutablePointer<SeriesEntry>, into table: Table) {
        var position = Int(truncatingIfNeeded: entry.pointee.hash) & table.mask
        while table.slots[position].load(ordering: .relaxed) != nil { position = (position &+ 1) & table.mask }
        table.slots[position].store(entry, ordering: .releasing)
    }
}
