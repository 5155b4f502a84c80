internal import Synchronization

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Which copy of a contended number the present thread works on.
///
/// A number starts as one word. Only where two threads met on it does it get copies, each on cache lines of its own, so
/// that what is quiet costs no memory and is read quickly.
enum Stripe {
    /// How many copies a contended number has; threads past as many share one.
    static let count = 16

    /// The distance between copies in bytes: two cache lines, since processors fetch them in pairs.
    static let spacing = 128

    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        pthread_key_create(&key, nil)
        return key
    }()

    private static let assigned = Atomic<Int>(0)

    /// The copy of this thread: threads take them in turn as they first come.
    static var current: Int {
        if let known = pthread_getspecific(key) { return (Int(bitPattern: known) &- 1) & (count &- 1) }
        return assign()
    }

    @inline(never)
    private static func assign() -> Int {
        let next = assigned.wrappingAdd(1, ordering: .relaxed).oldValue & (count - 1)
        pthread_setspecific(key, UnsafeRawPointer(bitPattern: next + 1))
        return next
    }
}
