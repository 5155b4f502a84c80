internal import Foundation

/// What a server says of a batch that it took: an `ExportTraceServiceResponse` in OTLP's JSON.
///
/// Whatever cannot be read as such says nothing.
struct TraceAnswer {
    private static let longestMessage = 1_000

    /// How many spans of the batch it did not want.
    var rejected = 0

    /// Why, or what else it wants known.
    var message: String?

    init(_ body: Data) {
        guard let answer = try? JSONDecoder().decode(Answer.self, from: body), let partial = answer.partialSuccess
        else {
            return
        }
        rejected = partial.rejected
        guard rejected > 0 || !partial.message.isEmpty else { return }
        message = "the server rejected \(rejected) spans: \(partial.message.prefix(Self.longestMessage))"
    }

    private struct Answer: Decodable {
        var partialSuccess: Partial?
    }

    private struct Partial: Decodable {
        enum CodingKeys: String, CodingKey { case rejectedSpans, errorMessage }

        var rejected: Int
        var message: String

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            // A text by the standard, a number by many servers.
            let text = try? container.decodeIfPresent(String.self, forKey: .rejectedSpans)
            let number = try? container.decodeIfPresent(Int.self, forKey: .rejectedSpans)
            rejected = max(0, text.flatMap { Int($0) } ?? number ?? 0)
            message = (try? container.decodeIfPresent(String.self, forKey: .errorMessage)) ?? ""
        }
    }
}
