#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Where the program's words go; tests collect them.
struct Console: Sendable {
    /// Takes a line of the result.
    var print: @Sendable (String) -> Void

    /// Takes a line about trouble.
    var complain: @Sendable (String) -> Void

    /// Shows how far a run is, in place of what it showed before; nil where nobody watches.
    var progress: (@Sendable (String) -> Void)?

    /// The process's own output and error.
    static var system: Console {
        var console = Console(
            print: { put($0 + "\n", to: STDOUT_FILENO) }, complain: { put($0 + "\n", to: STDERR_FILENO) })
        if isatty(STDERR_FILENO) == 1 { console.progress = { put("\r\u{1B}[K" + $0, to: STDERR_FILENO) } }
        return console
    }

    private static func put(_ text: String, to descriptor: Int32) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            // Nobody reads any more; there is nobody to tell.
            if count <= 0 { return }
            rest = rest.dropFirst(count)
        }
    }
}
