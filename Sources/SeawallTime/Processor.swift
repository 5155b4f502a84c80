#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// The machine's processors, for counters that are kept apart by who counts.
package enum Processor {
    /// How many there are.
    package static let count = max(Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))), 1)

    #if canImport(Glibc)
    private typealias Look = @convention(c) () -> Int32

    /// The C library has it; its Swift module does not show it.
    private static let look: Look? = dlsym(nil, "sched_getcpu").map { unsafeBitCast($0, to: Look.self) }

    /// The number of the one that runs this thread, or of a stand-in for the thread where the system does not say.
    ///
    /// It may have changed before the caller can use it. Never negative.
    package static var current: Int {
        let number = look?() ?? -1
        return number >= 0 ? Int(number) : thread
    }
    #else
    /// The number of a stand-in for the thread, as the system does not say which processor runs it; never negative.
    package static var current: Int { thread }
    #endif

    /// Bits of the thread's address, spread: addresses of threads are multiples of large powers of two.
    private static var thread: Int {
        #if canImport(Darwin)
        let address = UInt64(UInt(bitPattern: pthread_self()))
        #else
        let address = UInt64(UInt(pthread_self()))
        #endif
        return Int((address &* 0x9e37_79b9_7f4a_7c15) >> 48)
    }
}
