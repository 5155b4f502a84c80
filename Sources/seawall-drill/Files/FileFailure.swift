#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Why the operating system would not open, read or write a file.
struct FileFailure: Error, Equatable, CustomStringConvertible {
    /// The system's number of the error.
    let number: Int32

    /// The error of the last call into the system, to be read at once.
    static var last: FileFailure { FileFailure(number: errno) }

    /// The system's words.
    var description: String { String(cString: strerror(number)) }
}
