#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Reads whole files that are not too large.
enum FileInput {
    /// The most bytes that a file may have.
    static let mostBytes = 256_000_000

    /// The bytes of a regular file.
    ///
    /// - Throws: `BadInput` for a file that is missing, no regular file, too large or not readable; its size is looked
    ///   at before anything is read.
    static func bytes(of path: String) throws(BadInput) -> [UInt8] {
        let name = BadInput.quoted(path)
        var info = stat()
        guard stat(path, &info) == 0 else { throw BadInput("\(name): \(FileFailure.last), expected a file to read") }
        guard info.st_mode & S_IFMT == S_IFREG else {
            let kind = info.st_mode & S_IFMT == S_IFDIR ? "a directory" : "no regular file"
            throw BadInput("\(name): is \(kind), expected a file to read")
        }
        guard info.st_size <= mostBytes else {
            throw BadInput("\(name): has \(info.st_size) bytes, expected at most 256 MB (\(mostBytes))")
        }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw BadInput("\(name): \(FileFailure.last), expected a file to read") }
        defer { close(descriptor) }
        var failure: FileFailure?
        // One byte more than allowed shows a file that has grown since.
        let capacity = min(mostBytes, Int(info.st_size)) + 1
        let bytes = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            while count < capacity {
                let got = read(descriptor, buffer.baseAddress?.advanced(by: count), capacity - count)
                if got < 0, errno == EINTR { continue }
                if got < 0 { failure = .last }
                if got <= 0 { break }
                count += got
            }
        }
        if let failure { throw BadInput("\(name): \(failure), expected a file to read") }
        guard bytes.count < capacity else { throw BadInput("\(name): grows while it is read, expected a file at rest") }
        return bytes
    }
}
