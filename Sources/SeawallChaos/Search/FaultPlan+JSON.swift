#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

extension FaultPlan {
    /// Reads a plan from the JSON that `json` writes.
    ///
    /// - Throws: `DecodingError` where it is no plan. Whether its values make sense, `validate()` says.
    public init(json: String) throws {
        self = try JSONDecoder().decode(FaultPlan.self, from: Data(json.utf8))
    }

    /// The plan as JSON on one line, its keys in order.
    public var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // A number that is not finite is the only thing that cannot be written, and `validate()` refuses it.
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }
}
