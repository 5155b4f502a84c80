internal import Foundation
internal import SeawallAlerts
internal import SeawallTime

/// An alert as a message of the internet (RFC 5322), in ASCII throughout.
struct EmailMessage {
    /// Longer texts are cut: the whole message must fit into the pipe to the mailer, 16 KiB where it is smallest.
    private static let longestBody = 6_000
    private static let longestSubject = 200

    let text: String

    init(_ alert: Alert, _ configuration: EmailConfiguration) {
        let address = configuration.from.split(separator: "@")
        let domain = address.last.map(String.init) ?? "localhost"
        // Several bots may send from one domain.
        let sender = address.first.map { Self.idSafe(String($0)) } ?? "seawall"
        let thread = "\(Self.idSafe(alert.episode)).\(sender)"
        let own = "\(thread).\(alert.event.rawValue).\(alert.civil.nanosecondsSinceEpoch)"
        var headers = [
            "From: \(configuration.from)",
            "To: \(configuration.to.joined(separator: ",\r\n "))",
            "Subject: \(Self.encodedWords(Self.subject(alert, configuration.subjectPrefix)))",
            // RFC 5322 writes the zone as a number; only a reader of old mail knows GMT.
            "Date: \(alert.civil.httpDateText.dropLast(3))+0000",
            "Message-ID: <\(own)@\(domain)>",
            "References: <\(thread)@\(domain)>",
            "Auto-Submitted: auto-generated",
            "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=utf-8",
            "Content-Transfer-Encoding: base64",
        ]
        if alert.severity == .critical, alert.event != .end { headers.append("Importance: high") }
        let encoded = Data(Self.body(alert).utf8).base64EncodedString(options: [
            .lineLength76Characters, .endLineWithCarriageReturn, .endLineWithLineFeed,
        ])
        text = headers.joined(separator: "\r\n") + "\r\n\r\n" + encoded + "\r\n"
    }

    private static func subject(_ alert: Alert, _ prefix: String) -> String {
        let words = [prefix, "\(alert.headline):", alert.message].filter { !$0.isEmpty }.joined(separator: " ")
        return String(words.unicodeScalars.prefix(longestSubject).map { $0.value < 0x20 ? " " : Character($0) })
    }

    private static func body(_ alert: Alert) -> String {
        let lines = [alert.message, "", "time: \(alert.civil.iso8601Text)", "code: \(alert.code)"]
        let text = (lines + alert.details.map { "\($0.name): \($0.value)" }).joined(separator: "\n")
        guard text.utf8.count > longestBody else { return text + "\n" }
        return String(decoding: text.utf8.prefix(longestBody), as: UTF8.self) + " (cut)\n"
    }

    /// The text as encoded words of RFC 2047, each short enough to stand on a line; visible ASCII stays as it is.
    static func encodedWords(_ text: String) -> String {
        if text.utf8.count <= 60, text.utf8.allSatisfy({ (0x20...0x7e).contains($0) }), !text.contains("=?") {
            return text
        }
        var words: [String] = []
        var word = ""
        for character in text.unicodeScalars {
            if word.utf8.count + UTF8.width(character) > 42 {
                words.append(word)
                word = ""
            }
            word.unicodeScalars.append(character)
        }
        if !word.isEmpty { words.append(word) }
        return words.map { "=?utf-8?B?\(Data($0.utf8).base64EncodedString())?=" }.joined(separator: "\r\n ")
    }

    private static func idSafe(_ text: String) -> String {
        String(text.suffix(60).map { $0.isASCII && ($0.isLetter || $0.isNumber || ".-_".contains($0)) ? $0 : "_" })
    }
}

extension UTF8 {
    fileprivate static func width(_ scalar: Unicode.Scalar) -> Int { String(scalar).utf8.count }
}
