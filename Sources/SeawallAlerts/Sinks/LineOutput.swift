#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Lines into an open file, each with the system before it counts as written.
///
/// What `print` has for a pipe or a file it keeps until its buffer is full: an alert would come late, or never.
struct LineOutput: Sendable {
    /// The system took no line.
    struct Failure: Error, CustomStringConvertible {
        var descriptor: Int32
        var error: Int32

        var description: String {
            "the log's line could not be written to file \(descriptor): system error \(error), expected a file open for writing"
        }
    }

    /// The system's number of the file.
    let descriptor: Int32

    static let standard = LineOutput(descriptor: STDOUT_FILENO)

    /// Writes the text and an end of line, and waits for a reader that is slow.
    func write(_ line: String) throws(Failure) {
        var rest = Array((line + "\n").utf8)[...]
        while !rest.isEmpty {
            let (count, code) = rest.withUnsafeBytes { bytes in
                let count = systemWrite(descriptor, bytes.baseAddress, bytes.count)
                return (count, count < 0 ? errno : 0)
            }
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if code != EINTR {
                throw Failure(descriptor: descriptor, error: code)
            }
        }
    }
}

/// The system's call by another name than the method's.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}
