#if os(Linux)
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// As much of HTTP on the loopback interface as the tests with a real server need.
enum LoopbackSocket {
    struct Failed: Error {}

    /// A socket that listens on a port that the system chose.
    static func listen() throws -> (socket: Int32, port: Int) {
        let socket = makeSocket()
        var address = loopback(port: 0)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(socket, address, size) == 0 && Glibc.listen(socket, 16) == 0
                    && getsockname(socket, address, &size) == 0
            }
        }
        guard socket >= 0, code else { throw Failed() }
        return (socket, Int(UInt16(bigEndian: address.sin_port)))
    }

    /// A port that nobody listens on at present.
    static func freePort() throws -> Int {
        let (socket, port) = try listen()
        close(socket)
        return port
    }

    /// The body of a reply; empty where there is none.
    static func get(_ path: String, port: Int) -> [UInt8] {
        let socket = makeSocket()
        defer { close(socket) }
        var address = loopback(port: UInt16(port))
        let connected = withUnsafeMutablePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                connect(socket, address, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard connected else { return [] }
        // HTTP/1.0: the body ends with the connection.
        send(Array("GET \(path) HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n".utf8), to: socket)
        let reply = receive(from: socket) { _ in false }
        guard let end = headEnd(reply) else { return [] }
        return Array(reply[end...])
    }

    static func send(_ bytes: [UInt8], to socket: Int32) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { return }
            sent += count
        }
    }

    static func receive(from socket: Int32, until isDone: ([UInt8]) -> Bool) -> [UInt8] {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while !isDone(bytes) {
            let count = recv(socket, &piece, piece.count, 0)
            if count <= 0 { break }
            bytes += piece[..<count]
        }
        return bytes
    }

    /// Where the head of a message ends.
    static func headEnd(_ bytes: [UInt8]) -> Int? {
        let end = Array("\r\n\r\n".utf8)
        guard bytes.count >= 4 else { return nil }
        return (0...(bytes.count - 4)).first { Array(bytes[$0..<($0 + 4)]) == end }.map { $0 + 4 }
    }

    private static func makeSocket() -> Int32 { Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0) }

    private static func loopback(port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr = in_addr(s_addr: UInt32(0x7f00_0001).bigEndian)
        return address
    }
}
#endif
