internal import SeawallTime

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// A journal in a file, for one process at a time.
///
/// Beside the file stand `NAME.lock`, which keeps a second process out, `NAME.initialised`, by which a file that is gone
/// is told from one that never was, and for a moment `NAME.new`. What could not be read is set aside as
/// `NAME.unreadable-1`, `-2` and so on. To begin as on the first day, remove all of them while no process runs.
public final class FileJournalStorage: JournalStorage {
    private struct Files: Sendable {
        /// The file, while it is open for appending.
        var file: FileDescriptor?
        var isFresh = false
        var isMarked = false
    }

    /// Where the file is.
    public let path: String

    private let lock: FileDescriptor
    private let files = Lock(Files())

    /// Takes the file for this process; the folder must be there.
    ///
    /// - Parameter path: The file's path, absolute, or from the working directory of now on.
    /// - Throws: `JournalError`: `inUse` where another process has it, `unwritable` where the folder cannot be written.
    public init(path: String) throws(JournalError) {
        guard !path.isEmpty, !path.utf8.contains(0), path.utf8.last != UInt8(ascii: "/") else {
            throw JournalError(code: .invalid, message: "path is \"\(path)\", expected the name of a file")
        }
        // A process that changes its working directory later still means the same file.
        self.path = path.utf8.first == UInt8(ascii: "/") ? path : FileDescriptor.workingDirectory + "/" + path
        lock = try FileDescriptor(self.path + ".lock", O_RDWR | O_CREAT)
        try lock.lock(beside: self.path)
    }

    deinit {
        files.withLock { $0.file?.close() }
        lock.close()
    }

    /// True: a disk may hang.
    public var mayBlock: Bool { true }

    /// The bytes of the file; nil where there never was one.
    ///
    /// - Throws: `JournalError`: `lost` where there was one, `unreadable` where it cannot be read.
    public func read() throws -> [UInt8]? {
        guard FileDescriptor.exists(path) else {
            guard FileDescriptor.exists(markerPath) else { return nil }
            throw JournalError(
                code: .lost,
                message:
                    "\(path) is gone, though \(markerPath) says that it was there: pauses and orders of earlier starts "
                    + "are not known; put it back, or remove \(markerPath) too where nothing is to be known")
        }
        let file = try FileDescriptor(path, O_RDONLY, code: .unreadable)
        defer { file.close() }
        return try file.readAll(path)
    }

    /// Writes at the end of the file.
    public func append(_ bytes: [UInt8]) throws {
        try files.withLock { files in
            let file = try files.file ?? open(&files)
            files.file = file
            try file.write(bytes, to: path)
        }
    }

    /// Returns when the disk itself has what was written: `F_FULLFSYNC` on Apple platforms.
    public func sync() throws {
        try files.withLock { files in
            guard let file = files.file else { return }
            try file.sync(path)
            // Written into a file that somebody has removed, it would be safe from everything but a restart.
            guard file.isAt(path) else {
                file.close()
                files.file = nil
                throw JournalError(
                    code: .unwritable, message: "\(path) was removed or replaced while it was open; leave it alone")
            }
            if files.isFresh { try FileDescriptor.syncFolder(of: path) }
            files.isFresh = false
            try mark(&files)
        }
    }

    /// Writes another file and puts it in the place of this one.
    public func replace(with bytes: [UInt8]) throws {
        try files.withLock { files in
            let newPath = path + ".new"
            let new = try FileDescriptor(newPath, O_WRONLY | O_CREAT | O_TRUNC)
            do {
                try new.write(bytes, to: newPath)
                try new.sync(newPath)
            } catch {
                new.close()
                throw error
            }
            new.close()
            files.file?.close()
            files.file = nil
            guard rename(newPath, path) == 0 else { throw JournalError(.unwritable, "put in its place", path) }
            try FileDescriptor.syncFolder(of: path)
            try mark(&files)
        }
    }

    /// Renames the file to the first of `NAME.unreadable-1`, `-2` and so on that is free.
    public func setAside() throws {
        try files.withLock { files in
            files.file?.close()
            files.file = nil
            guard FileDescriptor.exists(path) else { return }
            let names = (1...10_000).lazy.map { "\(self.path).unreadable-\($0)" }
            guard let name = names.first(where: { !FileDescriptor.exists($0) }) else {
                throw JournalError(
                    code: .unwritable, message: "\(path).unreadable-1 to -10000 are all there; remove some")
            }
            guard rename(path, name) == 0 else { throw JournalError(.unwritable, "set aside", path) }
            try FileDescriptor.syncFolder(of: path)
        }
    }

    private var markerPath: String { path + ".initialised" }

    private func open(_ files: inout Files) throws(JournalError) -> FileDescriptor {
        files.isFresh = !FileDescriptor.exists(path)
        return try FileDescriptor(path, O_WRONLY | O_APPEND | O_CREAT)
    }

    /// Notes for ever that there is a file; only once it is safe.
    private func mark(_ files: inout Files) throws(JournalError) {
        guard !files.isMarked else { return }
        if !FileDescriptor.exists(markerPath) {
            let marker = try FileDescriptor(markerPath, O_WRONLY | O_CREAT)
            defer { marker.close() }
            try marker.write(
                Array("The journal beside this file was begun. Where it is gone, state is lost.\n".utf8), to: markerPath
            )
            try marker.sync(markerPath)
            try FileDescriptor.syncFolder(of: markerPath)
        }
        files.isMarked = true
    }
}
