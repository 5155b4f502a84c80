#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// An open file of the system, with errors that name the path, what the system says, and what to do.
struct FileDescriptor: Sendable {
    private let number: CInt

    /// Opens a file; one that is made belongs to its owner alone.
    init(_ path: String, _ flags: CInt, code: JournalError.Code = .unwritable) throws(JournalError) {
        let number = Self.again { open(path, flags | O_CLOEXEC, 0o600) }
        guard number >= 0 else { throw JournalError(code, "opened", path) }
        self.number = number
    }

    func close() {
        // A child that was forked a moment ago holds a copy of the descriptor until it runs its program, and with it the
        // lock, unless the lock is given up by name.
        _ = flock(number, LOCK_UN)
        #if canImport(Glibc)
        _ = Glibc.close(number)
        #elseif canImport(Musl)
        _ = Musl.close(number)
        #elseif canImport(Darwin)
        _ = Darwin.close(number)
        #endif
    }

    /// Keeps every other opener out until it is closed, or the process has ended.
    func lock(beside path: String) throws(JournalError) {
        guard Self.again({ flock(number, LOCK_EX | LOCK_NB) }) != 0 else { return }
        let error: JournalError =
            errno == EWOULDBLOCK
            ? JournalError(
                code: .inUse,
                message: "\(path) is in use by another process, or by another layer of this one; give each its own")
            : JournalError(.unwritable, "locked", path + ".lock")
        close()
        throw error
    }

    func readAll(_ path: String) throws(JournalError) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Self.again { chunk.withUnsafeMutableBytes { systemRead(number, $0.baseAddress, $0.count) } }
            guard count >= 0 else { throw JournalError(.unreadable, "read", path) }
            if count == 0 { return bytes }
            bytes += chunk[..<count]
        }
    }

    func write(_ bytes: [UInt8], to path: String) throws(JournalError) {
        var written = 0
        while written < bytes.count {
            let count = Self.again {
                bytes.withUnsafeBytes { buffer in
                    systemWrite(number, buffer.baseAddress.map { $0 + written }, buffer.count - written)
                }
            }
            guard count > 0 else { throw JournalError(.unwritable, "written", path) }
            written += count
        }
    }

    func sync(_ path: String) throws(JournalError) {
        #if canImport(Darwin)
        // Not every file system knows the stronger call.
        if fcntl(number, F_FULLFSYNC) == 0 { return }
        #endif
        guard Self.again({ fsync(number) }) == 0 else { throw JournalError(.unwritable, "made safe", path) }
    }

    /// True where the path still names this file.
    func isAt(_ path: String) -> Bool {
        var mine = stat()
        var named = stat()
        guard fstat(number, &mine) == 0, stat(path, &named) == 0 else { return false }
        return mine.st_ino == named.st_ino && mine.st_dev == named.st_dev
    }

    /// False only where the system says that there is no such file; what cannot be looked at may be there.
    static func exists(_ path: String) -> Bool {
        access(path, F_OK) == 0 || errno != ENOENT
    }

    /// Makes the names in a file's folder safe.
    static func syncFolder(of path: String) throws(JournalError) {
        let name = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let folder = try FileDescriptor(name.isEmpty ? "/" : name, O_RDONLY)
        defer { folder.close() }
        try folder.sync(name)
    }

    static var workingDirectory: String {
        guard let path = getcwd(nil, 0) else { return "." }
        defer { free(path) }
        return String(cString: path)
    }

    /// Calls until no signal comes in between.
    private static func again<Result: SignedInteger>(_ call: () -> Result) -> Result {
        while true {
            let result = call()
            if result >= 0 || errno != EINTR { return result }
        }
    }
}

private func systemRead(_ number: CInt, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    read(number, buffer, count)
}

private func systemWrite(_ number: CInt, _ buffer: UnsafeRawPointer?, _ count: Int) -> Int {
    write(number, buffer, count)
}

extension JournalError {
    /// What the system said of a path.
    struct SystemError: Error, Hashable, CustomStringConvertible {
        var number: CInt

        var description: String { "\(String(cString: strerror(number))), errno \(number)" }
    }

    /// An error with what the system said last.
    init(_ code: Code, _ what: String, _ path: String) {
        let number = errno
        let advice =
            switch number {
            case ENOENT: "make the folder first"
            case ENOSPC, EDQUOT: "make room"
            case EACCES, EPERM: "give this process the right to read and write it"
            case EROFS: "the disk can only be read"
            default: "see to the disk"
            }
        self.init(
            code: code, message: "\(path) cannot be \(what): \(advice)", cause: SystemError(number: number))
    }
}
