#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A bot on recorded or made candles, through faults, in virtual time.
@main
struct SeawallDrill {
    static func main() {
        // A file over the limit of its size is an error to report, not the end of the process.
        signal(SIGXFSZ, SIG_IGN)
        exit(DrillProgram(console: .system).run(Array(CommandLine.arguments.dropFirst())))
    }
}
