public import SeawallAlerts
internal import SeawallBackoff
public import SeawallTime

/// A sink that hands each alert to the system's mailer, by sendmail's interface.
///
/// It needs a platform that runs other programs (Linux, macOS) and a mailer; where either is missing, no sink is made.
/// The mails of one episode form one thread. A mail is sent at most once: where the mailer ends in a way that leaves
/// open whether it took the message, is killed or hangs, it is not run again for it.
public final class EmailSink: AlertSink {
    /// The name under which it is registered and counted.
    public let name: String

    private let configuration: EmailConfiguration
    private let environment: RuntimeEnvironment
    private let mailer: Mailer

    /// Makes a sink.
    ///
    /// - Throws: `InvalidFields` that lists every bad field; `ExportError.Code.noMailer` where there is no mailer.
    public init(_ configuration: EmailConfiguration, environment: RuntimeEnvironment = RuntimeEnvironment()) throws {
        try configuration.validate()
        mailer = Mailer(path: configuration.mailer)
        try mailer.check()
        name = configuration.name
        self.configuration = configuration
        self.environment = environment
    }

    /// Hands one alert to the mailer.
    ///
    /// That the mailer took it does not say that it arrived: most mailers put it into a queue of their own.
    /// - Throws: `ExportError` where the mailer refused it, or may have taken it (`mayHaveArrived`); `BackoffExhausted` with
    ///   the last `ExportError` inside where the attempts ran out; `CancellationError` where the task was cancelled.
    public func deliver(_ alert: Alert) async throws {
        let arguments =
            configuration.mailerArguments + ["-i", "-f", configuration.from, "--"] + configuration.to
        let message = EmailMessage(alert, configuration).text
        try await retry(
            configuration.retry, environment: environment, effect: .create,
            classify: { ($0 as? ExportError)?.decision ?? .stop }
        ) { [self] _ in
            try await mailer.run(
                arguments, message: message, exitsNotTaken: configuration.exitsNotTaken,
                timeout: configuration.timeout, time: environment.time)
        }
    }
}
