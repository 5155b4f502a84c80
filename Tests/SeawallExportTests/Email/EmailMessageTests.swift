import Foundation
import SeawallAlerts
import SeawallTime
import Testing

@testable import SeawallExport

@Suite struct EmailMessageTests {
    private let configuration = EmailConfiguration(from: "bot@example.org", to: ["ops@example.org", "b@example.net"])

    @Test func itsTextIsFixed() {
        let message = EmailMessage(.example(.end, message: "over"), configuration)
        #expect(
            message.text == """
                From: bot@example.org\r
                To: ops@example.org,\r
                 b@example.net\r
                Subject: [seawall] RECOVERED breaker_open: over\r
                Date: Tue, 14 Nov 2023 22:13:20 +0000\r
                Message-ID: <alert-3.7.bot.end.1700000000000000000@example.org>\r
                References: <alert-3.7.bot@example.org>\r
                Auto-Submitted: auto-generated\r
                MIME-Version: 1.0\r
                Content-Type: text/plain; charset=utf-8\r
                Content-Transfer-Encoding: base64\r
                \r
                b3ZlcgoKdGltZTogMjAyMy0xMS0xNFQyMjoxMzoyMFoKY29kZTogYnJlYWtlcl9vcGVuCmVwaXNv\r
                ZGU6IGFsZXJ0LTMuNwpzZXZlcml0eTogY3JpdGljYWwKc2NvcGU6IGJyZWFrZXI6b3JkZXJzCmNh\r
                dXNlczogZmFpbHVyZV9yYXRlCmR1cmF0aW9uOiA5MC41IHMKc3VwcHJlc3NlZDogNAo=\r

                """)
    }

    @Test func whatIsCriticalSaysSo() {
        #expect(EmailMessage(.example(), configuration).text.contains("\r\nImportance: high\r\n"))
    }

    /// A message of a server must not become a header, nor a line longer than mail takes.
    @Test(arguments: ["a\r\nBcc: x@y", "a\u{0}b", String(repeating: "☂", count: 3_000), "=?utf-8?B?x?=", "a\u{2028}b"])
    func noMessageBreaksTheHeaders(text: String) throws {
        let mail = EmailMessage(.example(message: text), configuration).text
        #expect(mail.utf8.allSatisfy { $0 < 0x7f && ($0 >= 0x20 || $0 == 0x0d || $0 == 0x0a) })
        #expect(!mail.contains("\r\nBcc"))
        #expect(mail.utf8.count < 12_000)
        for line in mail.split(separator: "\r\n", omittingEmptySubsequences: false) { #expect(line.utf8.count <= 78) }
    }

    /// The largest that may be configured fits into the smallest pipe, with the longest text.
    @Test func theLargestMessageFitsIntoThePipe() throws {
        let address = String(repeating: "a", count: 190) + "@example.org"
        var configuration = EmailConfiguration(
            from: address, to: [], subjectPrefix: String(repeating: "☂", count: 100), mailer: "/bin/true")
        while configuration.to.joined().utf8.count + address.utf8.count <= 4_000 { configuration.to.append(address) }
        try configuration.validate()
        let text = String(repeating: "☂", count: 9_000)
        #expect(EmailMessage(.example(message: text), configuration).text.utf8.count < 16_384)
        configuration.to.append(address)
        let error = #expect(throws: InvalidFields.self) { try configuration.validate() }
        #expect(error?.fields.map(\.name) == ["to"])
        configuration.to = ["a@" + String(repeating: "b", count: 253)]
        #expect(throws: InvalidFields.self) { try configuration.validate() }
    }

    @Test(arguments: ["plain", "Ärger", "☂ and more ☂ than stands on one line of a subject, surely ☂", ""])
    func encodedWordsDecodeToTheText(text: String) throws {
        let encoded = EmailMessage.encodedWords(text)
        guard encoded.contains("=?") else { return #expect(encoded == text) }
        var decoded = Data()
        for word in encoded.split(separator: "\r\n ") {
            #expect(word.utf8.count <= 75)
            decoded += try #require(Data(base64Encoded: String(word.dropFirst(10).dropLast(2))))
        }
        #expect(String(decoding: decoded, as: UTF8.self) == text)
    }
}
