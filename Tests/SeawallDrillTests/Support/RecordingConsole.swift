import Seawall

@testable import seawall_drill

/// Keeps what the program says.
final class RecordingConsole: Sendable {
    private let state = Lock((printed: [String](), complaints: [String]()))

    var console: Console {
        Console(
            print: { [self] line in state.withLock { $0.printed.append(line) } },
            complain: { [self] line in state.withLock { $0.complaints.append(line) } })
    }

    var printed: [String] { state.withLock { $0.printed } }

    var complaints: [String] { state.withLock { $0.complaints } }
}

/// Runs the program as `main` does, but for the process.
func drill(_ arguments: String...) -> (status: Int32, printed: [String], complaints: [String]) {
    drill(arguments)
}

/// The same, of arguments that are a list already.
func drill(_ arguments: [String]) -> (status: Int32, printed: [String], complaints: [String]) {
    let recording = RecordingConsole()
    let status = DrillProgram(console: recording.console).run(arguments)
    return (status, recording.printed, recording.complaints)
}

extension String {
    /// True for a text without a line's end.
    var isOneLine: Bool { !contains { $0.isNewline } }
}
