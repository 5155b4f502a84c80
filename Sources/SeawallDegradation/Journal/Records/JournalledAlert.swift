/// An open episode of alerts as the journal keeps it, so that a restart neither repeats nor forgets it.
package struct JournalledAlert: Hashable, Sendable {
    package var key: String
    package var episode: String
    package var code: String
    package var severity: String
    package var message: String
    package var causes: [String]
    package var scope: String

    package init(
        key: String, episode: String, code: String, severity: String, message: String, causes: [String], scope: String
    ) {
        self.key = key
        self.episode = episode
        self.code = code
        self.severity = severity
        self.message = message
        self.causes = causes
        self.scope = scope
    }
}
