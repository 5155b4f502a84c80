import Synchronization

#if canImport(Glibc) && (arch(x86_64) || arch(arm64))
import Glibc

/// Puts a counting function before the allocating functions of every library of the process.
///
/// Swift has no hook for allocations, glibc has removed its own, and the compiler warns of a function named `malloc`. So
/// this writes the address of a counting function into the slots through which the loaded libraries, the Swift runtime
/// among them, call `malloc` and its like: what the dynamic linker does at their start, done again. The executable's
/// own slots stay, so that the counting function reaches the real one.
enum AllocationHooks {
    static let counted = Atomic<Int>(0)
    static let isCounting = Atomic<Bool>(false)

    private static let hooks: [(name: String, address: UInt)] = {
        let allocate: @convention(c) (Int) -> UnsafeMutableRawPointer? = { size in
            AllocationHooks.note()
            return malloc(size)
        }
        let allocateCleared: @convention(c) (Int, Int) -> UnsafeMutableRawPointer? = { count, size in
            AllocationHooks.note()
            return calloc(count, size)
        }
        let grow: @convention(c) (UnsafeMutableRawPointer?, Int) -> UnsafeMutableRawPointer? = { memory, size in
            AllocationHooks.note()
            return realloc(memory, size)
        }
        let allocateAligned: @convention(c) (Int, Int) -> UnsafeMutableRawPointer? = { alignment, size in
            AllocationHooks.note()
            return aligned_alloc(alignment, size)
        }
        let placeAligned: @convention(c) (UnsafeMutablePointer<UnsafeMutableRawPointer?>, Int, Int) -> Int32 = {
            AllocationHooks.note()
            return posix_memalign($0, $1, $2)
        }
        return [
            ("malloc", unsafeBitCast(allocate, to: UInt.self)),
            ("calloc", unsafeBitCast(allocateCleared, to: UInt.self)),
            ("realloc", unsafeBitCast(grow, to: UInt.self)),
            ("aligned_alloc", unsafeBitCast(allocateAligned, to: UInt.self)),
            ("posix_memalign", unsafeBitCast(placeAligned, to: UInt.self)),
        ]
    }()

    private static func note() {
        if isCounting.load(ordering: .relaxed) { counted.wrappingAdd(1, ordering: .relaxed) }
    }

    /// Puts the hooks in place, once and for all; whether they work is for the caller to find out.
    static func install() {
        // Set up before the first hook runs: setting up allocates.
        note()
        guard let executable = dlopen(nil, RTLD_NOW) else { return }
        var next = LinkMap(executable).next
        while let library = next {
            if !library.isPartOfTheSystem { hook(library) }
            next = library.next
        }
    }

    private static func hook(_ library: LinkMap) {
        for slot in library.slots {
            guard let hook = hooks.first(where: { strcmp($0.name, slot.name) == 0 }) else { continue }
            let pageSize = Int(getpagesize())
            let page = UInt(bitPattern: slot.address) & ~UInt(pageSize - 1)
            // The slots of a library that is bound at its start are read-only.
            let start = UnsafeMutableRawPointer(bitPattern: page)
            guard mprotect(start, pageSize, PROT_READ | PROT_WRITE) == 0 else { return }
            slot.address.storeBytes(of: hook.address, as: UInt.self)
        }
    }
}

/// A loaded library as glibc's dynamic linker lists it: `struct link_map`.
private struct LinkMap {
    /// Where a library calls a function of another through.
    struct Slot {
        var name: UnsafePointer<CChar>
        var address: UnsafeMutableRawPointer
    }

    private let map: UnsafeMutableRawPointer

    init(_ map: UnsafeMutableRawPointer) { self.map = map }

    var next: LinkMap? { map.load(fromByteOffset: 24, as: UnsafeMutableRawPointer?.self).map(LinkMap.init) }

    /// The C library calls itself past its slots, the linker and the kernel's page have none that can be written.
    var isPartOfTheSystem: Bool {
        guard let name = map.load(fromByteOffset: 8, as: UnsafePointer<CChar>?.self) else { return true }
        let path = String(cString: name)
        let file = path.split(separator: "/").last ?? ""
        return file.isEmpty || ["libc.", "libm.", "ld-", "linux-vdso"].contains { file.hasPrefix($0) }
    }

    /// Every slot that the dynamic linker filled with the address of a function.
    var slots: [Slot] {
        let base = map.load(fromByteOffset: 0, as: UInt.self)
        guard let names = pointer(.names), let symbols = pointer(.symbols) else { return [] }
        let tables = [(pointer(.calls), value(.callBytes)), (pointer(.relocations), value(.relocationBytes))]
        return tables.flatMap { table, bytes -> [Slot] in
            guard let table, let bytes else { return [] }
            return stride(from: 0, to: Int(bytes), by: 24).compactMap { offset in
                let info = table.load(fromByteOffset: offset + 8, as: UInt.self)
                guard Self.kinds.contains(info & 0xffff_ffff) else { return nil }
                let symbol = symbols + Int(info >> 32) * 24
                let name = names + Int(symbol.load(as: UInt32.self))
                let address = base &+ table.load(fromByteOffset: offset, as: UInt.self)
                return UnsafeMutableRawPointer(bitPattern: address).map {
                    Slot(name: name.assumingMemoryBound(to: CChar.self), address: $0)
                }
            }
        }
    }

    /// The entries of the dynamic section, by their tags.
    private enum Tag: Int {
        case callBytes = 2
        case names = 5
        case symbols = 6
        case relocations = 7
        case relocationBytes = 8
        case calls = 23
    }

    #if arch(x86_64)
    /// `R_X86_64_GLOB_DAT` and `R_X86_64_JUMP_SLOT`.
    private static let kinds: ClosedRange<UInt> = 6...7
    #else
    /// `R_AARCH64_GLOB_DAT` and `R_AARCH64_JUMP_SLOT`.
    private static let kinds: ClosedRange<UInt> = 1_025...1_026
    #endif

    private func pointer(_ tag: Tag) -> UnsafeMutableRawPointer? {
        value(tag).flatMap { UnsafeMutableRawPointer(bitPattern: $0) }
    }

    private func value(_ tag: Tag) -> UInt? {
        guard var entry = map.load(fromByteOffset: 16, as: UnsafeMutableRawPointer?.self) else { return nil }
        while case let found = entry.load(as: Int.self), found != 0 {
            if found == tag.rawValue { return entry.load(fromByteOffset: 8, as: UInt.self) }
            entry += 16
        }
        return nil
    }
}
#else
/// Counts nothing: only glibc's tables are known here.
enum AllocationHooks {
    static let counted = Atomic<Int>(0)
    static let isCounting = Atomic<Bool>(false)

    static func install() {}
}
#endif
