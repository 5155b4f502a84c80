#if os(Linux)
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif
import SeawallMetrics
import SeawallTime

/// A page that gives the metrics of a registry in the format that the request prefers.
final class MetricsPage: Sendable {
    private final class Noted: Sendable {
        let format = Lock(MetricsTextFormat?.none)
    }

    let port: Int
    private let socket: Int32
    private let worker = WorkerThread()
    private let noted = Noted()

    /// Listens; where it gives the older format only, it does as one that does not know the newer.
    init(_ registry: MetricsRegistry, onlyPrometheus: Bool) throws {
        (socket, port) = try LoopbackSocket.listen()
        worker.run { [socket, noted] in
            while true {
                let connection = accept(socket, nil, nil)
                if connection < 0 { return }
                let request = LoopbackSocket.receive(from: connection) { LoopbackSocket.headEnd($0) != nil }
                let head = String(decoding: request, as: UTF8.self).split(whereSeparator: \.isNewline)
                let accepted = head.first { $0.lowercased().hasPrefix("accept:") }?.dropFirst("accept:".count)
                let format =
                    onlyPrometheus ? .prometheus : MetricsTextFormat.negotiated(accept: accepted.map(String.init))
                noted.format.withLock { $0 = format }
                var reply = Array("HTTP/1.0 200 OK\r\nContent-Type: \(format.contentType)\r\n\r\n".utf8)
                registry.writeText(format, into: &reply)
                LoopbackSocket.send(reply, to: connection)
                Glibc.close(connection)
            }
        }
    }

    /// The format that was given last.
    var lastFormat: MetricsTextFormat? { noted.format.withLock { $0 } }

    /// Stops listening.
    func close() {
        shutdown(socket, Int32(SHUT_RDWR))
        Glibc.close(socket)
    }
}
#endif
