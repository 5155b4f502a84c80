#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// What the process holds by name: functions and places that the platform's module does not show.
enum ProcessSymbols {
    static func find(_ name: String) -> UnsafeMutableRawPointer? {
        #if canImport(Darwin)
        // RTLD_DEFAULT
        dlsym(UnsafeMutableRawPointer(bitPattern: -2), name)
        #else
        dlsym(nil, name)
        #endif
    }

    #if !canImport(Darwin)
    private typealias ThreadID = @convention(c) () -> Int32

    private static let threadID = find("gettid").map { unsafeBitCast($0, to: ThreadID.self) }
    #endif

    /// Whether the caller is on the thread on which the process began; false where that cannot be told.
    static var isOnMainThread: Bool {
        #if canImport(Darwin)
        pthread_main_np() != 0
        #else
        threadID.map { $0() == getpid() } ?? false
        #endif
    }
}
