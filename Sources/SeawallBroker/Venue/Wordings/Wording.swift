internal import SeawallTime

/// The words in which a venue says no for one reason.
///
/// `message` and `body` are templates: `{code}` and (in the body) `{message}` stand for the fields of this wording,
/// `{until_ms}` for the end of a limit or ban as Unix time in milliseconds, `{seconds}` for the whole seconds until then.
/// Where no end is told, those two are empty. Other braces stand for themselves.
public struct Wording: Hashable, Sendable {
    /// The HTTP status, 100 to 599; some venues refuse with 200.
    public var status: Int

    /// The venue's own code, as an adapter hands it on, where it has one.
    public var code: String?

    /// What the venue says, for a person.
    public var message: String

    /// The body of the answer, or nil where none comes.
    public var body: String?

    /// How the answer says when to come again.
    public var retryAfter: RetryAfterForm

    /// What it means here, where that is not what the reason means elsewhere; nil for what it always means.
    ///
    /// A reason of the profile's own must say it. For one that the library knows it is for words that prove less here
    /// than the reason would: a venue whose answer to a stale request is that of a wrong key, say.
    public var meaning: ErrorRule.Meaning?

    /// Makes a wording.
    public init(
        status: Int = 400, code: String? = nil, message: String, body: String? = nil,
        retryAfter: RetryAfterForm = .none, meaning: ErrorRule.Meaning? = nil
    ) {
        self.status = status
        self.code = code
        self.message = message
        self.body = body
        self.retryAfter = retryAfter
        self.meaning = meaning
    }
}

extension Wording: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case status, code, message, body, retryAfter, meaning
    }

    /// Reads a wording; only `message` must be there, `status` is 400 and `retryAfter` `none` where they are missing.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.strictContainer(keyedBy: CodingKeys.self)
        self.init(
            status: try fields.decodeIfPresent(Int.self, forKey: .status) ?? 400,
            code: try fields.decodeIfPresent(String.self, forKey: .code),
            message: try fields.decode(String.self, forKey: .message),
            body: try fields.decodeIfPresent(String.self, forKey: .body),
            retryAfter: try fields.decodeIfPresent(RetryAfterForm.self, forKey: .retryAfter) ?? .none,
            meaning: try fields.decodeIfPresent(ErrorRule.Meaning.self, forKey: .meaning))
    }
}
