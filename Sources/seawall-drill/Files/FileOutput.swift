import Seawall

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A text file written line by line through a buffer, whose last line is written only when all before it are safe.
///
/// After the first failure nothing more is written: a file that failed midway never has its last line.
final class FileOutput: Sendable {
    fileprivate struct State: Sendable {
        var descriptor: Int32
        var isOpen = true
        var buffer: [UInt8] = []
        var failure: FileFailure?
    }

    /// Where it is.
    let path: String

    private static let bufferSize = 1 << 16

    private let state: Lock<State>
    private let last = Lock<String?>(nil)

    /// Opens the file and empties it.
    ///
    /// - Throws: `BadInput` where it cannot be written, which names the flag that asked for it.
    init(path: String, flag: String) throws(BadInput) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            let failure = FileFailure.last
            throw BadInput("\(flag) is \(BadInput.quoted(path)): \(failure), expected a file that can be written")
        }
        self.path = path
        state = Lock(State(descriptor: descriptor))
    }

    deinit {
        state.withLock { state in
            if state.isOpen { _ = close(state.descriptor) }
        }
    }

    /// Adds a line; its line feed is added here.
    func write(line: String) {
        let before = last.withLock { last in
            defer { last = line }
            return last
        }
        guard let before else { return }
        state.withLock { state in
            state.add(before)
            if state.buffer.count >= FileOutput.bufferSize { state.flush() }
        }
    }

    /// Writes what is left, the last line at the very end, and closes the file; gives the first failure of all.
    func finish() -> FileFailure? {
        let line = last.withLock { last in
            defer { last = nil }
            return last
        }
        return state.withLock { state in
            guard state.isOpen else { return state.failure }
            state.flush()
            state.synchronize()
            if let line {
                state.add(line)
                state.flush()
            }
            state.isOpen = false
            if close(state.descriptor) != 0, state.failure == nil { state.failure = FileFailure.last }
            return state.failure
        }
    }
}

extension FileOutput.State {
    fileprivate mutating func add(_ line: String) {
        guard failure == nil else { return }
        buffer.append(contentsOf: line.utf8)
        buffer.append(UInt8(ascii: "\n"))
    }

    fileprivate mutating func flush() {
        var written = 0
        while failure == nil, written < buffer.count {
            let count = buffer.withUnsafeBytes { bytes in
                posixWrite(descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written)
            }
            if count < 0, errno == EINTR { continue }
            if count > 0 {
                written += count
            } else {
                failure = count < 0 ? FileFailure.last : FileFailure(number: EIO)
            }
        }
        buffer.removeAll(keepingCapacity: true)
    }

    fileprivate mutating func synchronize() {
        guard failure == nil else { return }
        // What is no file on a disk cannot be synchronized, and need not be.
        if fsync(descriptor) != 0, errno != EINVAL, errno != EROFS, errno != ENOTSUP { failure = FileFailure.last }
    }
}

/// The system's `write`, which a method of that name would hide.
private func posixWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}
