internal import SeawallDegradation
internal import SeawallRateLimit

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

extension RateLimiterSnapshot {
    /// Under which name the journal keeps it.
    static let memoName = "limiter"

    /// It as the journal keeps it: JSON, the same text for the same content; nil where it cannot be written.
    var memo: String? {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) }
    }

    /// What an earlier start has left; nil where that is nothing, or cannot be read: then the limiter knows nothing of
    /// its predecessor, and takes it to have used nearly everything.
    init?(memoIn state: JournalState) {
        guard let text = state.memos[Self.memoName],
            let snapshot = try? JSONDecoder().decode(RateLimiterSnapshot.self, from: Data(text.utf8))
        else { return nil }
        self = snapshot
    }
}
