public import SeawallBackoff
public import SeawallTime

/// Who is written to, by whom, and through which mailer.
public struct EmailConfiguration: Sendable {
    /// The name under which the sink is registered and counted; `email` by default, not empty.
    public var name: String

    /// The sender's address: `name@domain`, without a display name.
    public var from: String

    /// The recipients' addresses: at least one, and at most 4,000 bytes of them together.
    ///
    /// The message is handed over whole, and must fit into a pipe.
    public var to: [String]

    /// What subjects begin with, `[seawall]` by default; at most 100 characters.
    public var subjectPrefix: String

    /// The path of a program with sendmail's interface; `/usr/sbin/sendmail` by default.
    ///
    /// It is called with `mailerArguments`, `-i -f`, the sender, `--` and the recipients, and reads the message.
    public var mailer: String

    /// Arguments before all others, for example `["-C", "/etc/bot/msmtprc"]`; none by default.
    public var mailerArguments: [String]

    /// How long the mailer may take, above zero; 30 seconds by default.
    public var timeout: Duration

    /// How often and how patiently to try; 3 attempts from 0.5 s on by default.
    public var retry: RetryPolicy

    /// The exits that say that the message was not taken, and to try again: 75 (`EX_TEMPFAIL`) by default, each 1 to 255.
    ///
    /// Postfix, Exim and msmtp end so. The original Sendmail does where it has queued the message: give it none. After any
    /// other failure the message may be on its way, and is never sent again.
    public var exitsNotTaken: Set<Int>

    /// Makes a configuration; it is checked by the sink.
    public init(
        name: String = "email", from: String, to: [String], subjectPrefix: String = "[seawall]",
        mailer: String = "/usr/sbin/sendmail", mailerArguments: [String] = [], timeout: Duration = .seconds(30),
        retry: RetryPolicy = .cex, exitsNotTaken: Set<Int> = [75]
    ) {
        self.name = name
        self.from = from
        self.to = to
        self.subjectPrefix = subjectPrefix
        self.mailer = mailer
        self.mailerArguments = mailerArguments
        self.timeout = timeout
        self.retry = retry
        self.exitsNotTaken = exitsNotTaken
    }

    /// Checks every field.
    ///
    /// - Throws: `InvalidFields` that lists every bad field.
    public func validate() throws(InvalidFields) {
        var invalid = InvalidFields(subject: "e-mail", fields: [])
        let form = "an address as name@domain, of visible ASCII, at most 254 bytes"
        invalid.check(!name.isEmpty, "name", "\"\(name)\"", "a text that is not empty")
        invalid.check(Self.isAddress(from), "from", "\"\(from)\"", form)
        invalid.check(!to.isEmpty, "to", to, "at least one address")
        let length = to.reduce(0) { $0.addingSaturating($1.utf8.count) }
        invalid.check(
            length <= 4_000, "to", "\(to.count) addresses of \(length) bytes", "at most 4000 bytes of addresses")
        for (index, address) in to.prefix(100).enumerated() {
            invalid.check(Self.isAddress(address), "to[\(index)]", "\"\(address)\"", form)
        }
        invalid.check(
            subjectPrefix.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f }, "subjectPrefix",
            "\"\(subjectPrefix)\"", "a text without control characters")
        invalid.check(
            subjectPrefix.count <= 100, "subjectPrefix", "\(subjectPrefix.count) characters", "100 characters or fewer")
        invalid.check(mailer.hasPrefix("/"), "mailer", "\"\(mailer)\"", "an absolute path")
        for (index, argument) in ([mailer] + mailerArguments).enumerated() where argument.utf8.contains(0) {
            let field = index == 0 ? "mailer" : "mailerArguments[\(index - 1)]"
            invalid.check(false, field, "\"\(argument)\"", "a text without NUL")
        }
        invalid.check(timeout > .zero, "timeout", timeout, "a duration above 0 seconds")
        invalid.check(
            exitsNotTaken.allSatisfy { (1...255).contains($0) }, "exitsNotTaken", exitsNotTaken.sorted(),
            "exits from 1 to 255")
        try invalid.throwIfAny()
    }

    /// One `@` with something on both sides, and nothing that a mailer or a header could read as its own.
    private static func isAddress(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty, !text.hasPrefix("-"), text.utf8.count <= 254
        else {
            return false
        }
        return text.utf8.allSatisfy { (0x21...0x7e).contains($0) && !special.contains($0) }
    }

    private static let special = Set("()<>[]:;,\\\"".utf8)
}
