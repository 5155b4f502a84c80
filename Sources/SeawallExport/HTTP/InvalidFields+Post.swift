internal import Foundation
internal import SeawallTime

extension InvalidFields {
    /// The address, or nil and a bad field; it is not shown, since keys stand in many.
    mutating func checked(url text: String) -> URL? {
        guard let url = URL(string: text), let scheme = url.scheme?.lowercased(), ["http", "https"].contains(scheme),
            let host = url.host, !host.isEmpty
        else {
            check(false, "url", "(not shown)", "http:// or https:// with a host")
            return nil
        }
        return url
    }

    /// Notes every header that cannot stand in a request; no value is shown.
    mutating func check(headers: [String: String]) {
        for (header, value) in headers.sorted(by: { $0.key < $1.key }) {
            check(Self.isToken(header), "headers", "\"\(header)\"", "names of letters, digits and - _ .")
            check(
                value.utf8.allSatisfy { (0x20...0x7e).contains($0) }, "headers.\(header)", "(not shown)",
                "visible ASCII and blanks")
        }
    }

    /// Notes a timeout of one attempt that cannot be kept.
    mutating func check(timeout: Duration) {
        // Foundation traps where the milliseconds pass its range.
        check(
            timeout > .zero && timeout <= .seconds(86_400), "timeout", timeout,
            "a duration above 0 seconds and at most 86400 seconds")
    }

    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
                    || [0x2d, 0x2e, 0x5f].contains(byte)
            }
    }
}
