import Foundation
import SeawallAlerts
import SeawallBackoff
import SeawallExport
import SeawallTime
import Testing

@Suite struct EmailConfigurationTests {
    @Test func aBadConfigurationListsEveryField() {
        let error = #expect(throws: InvalidFields.self) {
            try EmailSink(
                EmailConfiguration(
                    name: "", from: "nobody",
                    to: ["a@b", "-oQ/x@b", "a@b,c@d", "a b@c", "ü@x", "a@", "a@b\r\nBcc:c@d"],
                    subjectPrefix: "a\nb", mailer: "sendmail", mailerArguments: ["-x", "a\u{0}"], timeout: .zero,
                    exitsNotTaken: [0, 75, 256]))
        }
        #expect(
            error?.fields.map(\.name) == [
                "name", "from", "to[1]", "to[2]", "to[3]", "to[4]", "to[5]", "to[6]", "subjectPrefix", "mailer",
                "mailerArguments[1]", "timeout", "exitsNotTaken",
            ])
        #expect(throws: InvalidFields.self) { try EmailSink(EmailConfiguration(from: "a@b", to: [])) }
    }

    @Test func withoutAMailerNoSinkIsMade() {
        let error = #expect(throws: ExportError.self) {
            try EmailSink(EmailConfiguration(from: "a@b", to: ["c@d"], mailer: "/nowhere/sendmail"))
        }
        #expect(error?.code == .noMailer)
        #if os(Linux) || os(macOS)
        #expect(error?.message.contains("no mailer at /nowhere/sendmail") == true)
        #endif
    }
}

#if os(Linux) || os(macOS)
/// Before mailers that are shell scripts.
@Suite(.timeLimit(.minutes(15))) struct EmailSinkTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func sink(
        _ script: String, timeout: Duration = .seconds(20), exitsNotTaken: Set<Int> = [75]
    ) throws -> EmailSink {
        let mailer = try scratch.write(
            "#!/bin/sh\necho >>\(scratch.path("runs"))\n\(script)\n", to: "mailer", mode: 0o700)
        return try EmailSink(
            EmailConfiguration(
                from: "bot@example.org", to: ["ops@example.org"], mailer: mailer, mailerArguments: ["-X", "a b"],
                timeout: timeout,
                retry: RetryPolicy(maximumAttempts: 3, backoff: .constant(.milliseconds(1))),
                exitsNotTaken: exitsNotTaken))
    }

    private var runs: Int { get throws { try scratch.text(of: "runs").utf8.count } }

    @Test func theMailerGetsTheAddressesAndTheMessage() async throws {
        let sink = try sink(
            "for a in \"$@\"; do echo \"$a\"; done >\(scratch.path("args")); cat >\(scratch.path("mail"))")
        try await sink.deliver(.example())
        #expect(
            try scratch.lines(of: "args") == ["-X", "a b", "-i", "-f", "bot@example.org", "--", "ops@example.org"])
        let mail = try scratch.text(of: "mail")
        #expect(mail.hasPrefix("From: bot@example.org\r\n"))
        #expect(mail.contains("Subject: "))
    }

    @Test func aTemporaryFailureIsTriedAgain() async throws {
        let once = scratch.path("once")
        try await sink("test -e \(once) || { touch \(once); exit 75; }").deliver(.example())
        #expect(try runs == 2)
    }

    @Test func aUserThatIsUnknownIsNot() async throws {
        let sink = try sink("echo 'no such user' >&2; exit 67")
        let error = await #expect(throws: ExportError.self) { try await sink.deliver(.example()) }
        #expect(error?.code == .mailerFailed && error?.status == 67)
        #expect(error?.message.contains("no such user") == true)
        #expect(error?.mayHaveArrived == false)
        #expect(try runs == 1)
    }

    /// Two mails of one alert, since the mailer stumbled after it had handed the first one on.
    @Test(arguments: ["exit 1", "exit 69", "exit 71", "exit 74", "exit 255", "kill -KILL $$"])
    func aMailThatMayBeOnItsWayIsNeverSentAgain(ending: String) async throws {
        let sink = try sink("cat >>\(scratch.path("sent")); \(ending)")
        let error = await #expect(throws: ExportError.self) { try await sink.deliver(.example()) }
        #expect(error?.code == .mailerFailed)
        #expect(error?.mayHaveArrived == true)
        #expect(try runs == 1)
    }

    /// The original Sendmail ends so where it has put the mail into its queue.
    @Test func whichExitsAskForAnotherTryIsForTheConfigurationToSay() async throws {
        let queued = try sink("exit 75", exitsNotTaken: [])
        let error = await #expect(throws: ExportError.self) { try await queued.deliver(.example()) }
        #expect(error?.mayHaveArrived == true)
        #expect(try runs == 1)
        let own = try sink("exit 9", exitsNotTaken: [9])
        let exhausted = await #expect(throws: BackoffExhausted.self) { try await own.deliver(.example()) }
        #expect((exhausted?.lastError as? ExportError)?.mayHaveArrived == false)
        #expect(try runs == 4)
    }

    /// It has ended before the message is written: writing must not end this process too.
    @Test func aMailerThatDoesNotReadHarmsNobody() async throws {
        let sink = try sink("exec 0<&-; exit 1")
        let alert = Alert.example(message: String(repeating: "x", count: 100_000))
        let error = await #expect(throws: ExportError.self) { try await sink.deliver(alert) }
        #expect(error?.status == 1)
        #expect(try runs == 1)
    }

    @Test func aMailerThatHangsIsEnded() async throws {
        let sink = try sink("trap '' TERM; exec sleep 300", timeout: .milliseconds(200))
        let start = SystemTime().now
        let error = await #expect(throws: ExportError.self) { try await sink.deliver(.example()) }
        #expect(error?.code == .timedOut)
        // What it did until then nobody knows.
        #expect(error?.mayHaveArrived == true)
        #expect(start.duration(to: SystemTime().now) < .seconds(300))
    }

    /// It holds on to whatever it inherited; the mail is taken all the same, and must not be sent again.
    @Test func aMailerThatGoesOnInTheBackgroundIsDone() async throws {
        let start = SystemTime().now
        try await sink("sleep 120 & exit 0").deliver(.example())
        #expect(start.duration(to: SystemTime().now) < .seconds(110))
        #expect(try runs == 1)
    }

    @Test func whatCannotBeStartedSaysSo() async throws {
        let mailer = try scratch.write("#!/nowhere/shell\n", to: "broken", mode: 0o700)
        let sink = try EmailSink(
            EmailConfiguration(
                from: "a@b", to: ["c@d"], mailer: mailer,
                retry: RetryPolicy(maximumAttempts: 1, backoff: .constant(.milliseconds(1)))))
        await #expect(throws: (any Error).self) { try await sink.deliver(.example()) }
    }
}

/// Through a real mailer to a real server.
@Suite(
    .enabled(
        if: Programs.msmtp != nil && Programs.mailPython != nil,
        "skipped: this test mails through msmtp to an SMTP server in Python, which needs msmtp in PATH and aiosmtpd"),
    .timeLimit(.minutes(15)))
struct EmailRelayTests {
    private struct Mail: Decodable {
        var from: String
        var to: [String]
        var subject: String
        var body: String
        var references: String
    }

    private static let script = """
        import asyncio, email, email.policy, json, os, sys, threading
        from aiosmtpd.smtp import SMTP
        class Handler:
            async def handle_DATA(self, server, session, envelope):
                mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
                entry = {"from": envelope.mail_from, "to": envelope.rcpt_tos, "subject": mail["Subject"],
                         "body": mail.get_content(), "references": mail["References"]}
                with open(sys.argv[1], "a") as log: log.write(json.dumps(entry) + "\\n")
                return "250 OK"
        async def main():
            loop = asyncio.get_running_loop()
            server = await loop.create_server(lambda: SMTP(Handler()), "127.0.0.1", 0)
            print(server.sockets[0].getsockname()[1], flush=True)
            await server.serve_forever()
        threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
        asyncio.run(main())
        """

    @Test func anEpisodeArrivesAsOneThreadOfMails() async throws {
        let server = try LocalServer(python: try #require(Programs.mailPython), script: Self.script)
        let scratch = try Scratch()
        let account = try scratch.write(
            "account default\nhost 127.0.0.1\nport \(server.port)\nauth off\ntls off\nlogfile \(scratch.path("msmtp"))\n",
            to: "msmtprc")
        let manager = try AlertManager()
        try manager.register(
            try EmailSink(
                EmailConfiguration(
                    from: "bot@example.org", to: ["ops@example.org", "night@example.net"],
                    mailer: try #require(Programs.msmtp), mailerArguments: ["-C", account])))
        manager.begin("orders", code: "breaker_open", severity: .critical, message: "Aufträge scheitern ✗.\n.\n..")
        manager.end("orders")
        await manager.waitUntilDelivered()
        let log = (try? scratch.text(of: "msmtp")) ?? "no log"
        #expect(manager.sinks.map(\.delivered) == [2], "\(log)")
        let mails = try server.log(Mail.self)
        try #require(mails.count == 2)
        #expect(mails.allSatisfy { $0.from == "bot@example.org" })
        #expect(mails.allSatisfy { $0.to == ["ops@example.org", "night@example.net"] })
        #expect(mails[0].subject == "[seawall] CRITICAL breaker_open: Aufträge scheitern ✗. . ..")
        #expect(mails[1].subject.hasPrefix("[seawall] RECOVERED breaker_open"))
        #expect(mails[0].body.replacing("\r\n", with: "\n").hasPrefix("Aufträge scheitern ✗.\n.\n..\n\ntime: "))
        #expect(Set(mails.map(\.references)).count == 1)
    }
}
#endif
