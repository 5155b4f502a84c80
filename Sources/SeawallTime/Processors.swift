#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// The machine's processors, for counters that are kept apart by who counts.
package struct Processors: Sendable {
    #if canImport(Glibc)
    @usableFromInline typealias Look = @convention(c) () -> Int32

    /// The C library has it; its Swift module does not show it.
    private static let look: Look? = dlsym(nil, "sched_getcpu").map { unsafeBitCast($0, to: Look.self) }

    /// Held here: asking a static whether it is there yet costs as much as the answer.
    @usableFromInline let look = Processors.look
    #endif

    /// Makes the one set that there is.
    package init() {}

    /// How many there are.
    package static let count = max(Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))), 1)

    /// The number of the one that runs this thread, or of a stand-in for the thread where the system does not say.
    ///
    /// It may have changed before the caller can use it. Never negative.
    @inlinable @inline(__always) package var current: Int {
        #if canImport(Glibc)
        if let number = look?(), number >= 0 { return Int(number) }
        #endif
        return Self.thread
    }

    /// Bits of the thread's address, spread: addresses of threads are multiples of large powers of two.
    @usableFromInline static var thread: Int {
        #if canImport(Darwin)
        let address = UInt64(UInt(bitPattern: pthread_self()))
        #else
        let address = UInt64(UInt(pthread_self()))
        #endif
        return Int((address &* 0x9e37_79b9_7f4a_7c15) >> 48)
    }
}
