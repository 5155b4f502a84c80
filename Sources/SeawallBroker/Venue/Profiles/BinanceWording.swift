/// How Binance writes its refusals, on every one of its markets.
enum BinanceWording {
    /// A refusal of a request: a code below zero and a text, in JSON.
    static func refusal(
        _ code: String, _ message: String, status: Int = 400, retryAfter: RetryAfterForm = .none
    ) -> Wording {
        Wording(
            status: status, code: code, message: message, body: #"{"code":{code},"msg":"{message}"}"#,
            retryAfter: retryAfter)
    }

    /// A limit, with the seconds to wait in the header.
    static func limit(_ code: String, _ message: String, status: Int = 429) -> Wording {
        refusal(code, message, status: status, retryAfter: .seconds)
    }

    /// A ban, with its end in the text and the seconds in the header.
    static let ban = limit("-1003", "Way too many requests; IP banned until {until_ms}.", status: 418)
}
