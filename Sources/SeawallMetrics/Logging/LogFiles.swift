#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// The few things that a log does with files; another one stands in for it in tests.
protocol LogFiles: Sendable {
    /// How large a file is; 0 where there is none.
    func size(of path: String) -> Int

    /// Appends to a file, which is made for its user alone if it is not there.
    ///
    /// False where not everything could be written; a part of it may be there then.
    func append(_ bytes: [UInt8], to path: String) -> Bool

    /// Gives a file another name, over one that has it; false where it could not.
    func rename(_ path: String, to other: String) -> Bool
}

/// The files of the machine.
struct SystemLogFiles: LogFiles {
    func size(of path: String) -> Int {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return 0 }
        defer { close(descriptor) }
        return max(0, Int(lseek(descriptor, 0, SEEK_END)))
    }

    func append(_ bytes: [UInt8], to path: String) -> Bool {
        let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return bytes.withUnsafeBytes { bytes in
            var written = 0
            while written < bytes.count {
                let count = write(descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return false }
                written += count
            }
            return true
        }
    }

    func rename(_ path: String, to other: String) -> Bool {
        #if canImport(Glibc)
        Glibc.rename(path, other) == 0
        #elseif canImport(Musl)
        Musl.rename(path, other) == 0
        #else
        Darwin.rename(path, other) == 0
        #endif
    }
}
