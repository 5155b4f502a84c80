#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Measures the hot paths of the public types, in default configuration, against baselines of the same run.
@main
struct SeawallBench {
    static func main() {
        do {
            let options = try BenchOptions(arguments: CommandLine.arguments.dropFirst())
            if options.wantsHelp { return print(BenchOptions.usage) }
            if options.wantsCheck { return try check(options) }
            let cases = try Catalogue.selected(by: options.filter)
            if options.wantsList { return print(Catalogue.text(of: cases)) }
            let measurements = try Sampler(options).measure(cases)
            switch options.format {
            case .text: print(TextReport(measurements, rounds: options.rounds).text)
            case .json: print(JSONReport(measurements).text)
            }
        } catch let error as OptionsError {
            stop("\(error)", code: 2)
        } catch {
            stop("\(error)", code: 1)
        }
    }

    private static func check(_ options: BenchOptions) throws {
        let check = try PromiseCheck(options)
        print(check.text)
        if !check.isKept { throw BenchError("a promise is broken") }
    }

    private static func stop(_ message: String, code: Int32) -> Never {
        let line = Array("seawall-bench: \(message)\n".utf8)
        _ = write(STDERR_FILENO, line, line.count)
        exit(code)
    }
}
