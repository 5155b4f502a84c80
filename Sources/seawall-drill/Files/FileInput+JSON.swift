import Seawall

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension FileInput {
    /// What a file of JSON holds, judged.
    ///
    /// - Throws: `BadInput` for a file that cannot be read, or holds something else or something wrong, with everything
    ///   that is wrong with it on one line.
    static func json<Value: Decodable>(
        _ type: Value.Type, of path: String, expected: String, judge: (Value) throws -> Void
    ) throws(BadInput) -> Value {
        let bytes = try bytes(of: path)
        do {
            let value = try JSONDecoder().decode(type, from: Data(bytes))
            try judge(value)
            return value
        } catch let error as InvalidFields {
            throw BadInput("\(BadInput.quoted(path)): \(oneLine("\(error)"))")
        } catch {
            throw BadInput("\(BadInput.quoted(path)): \(oneLine(place(of: error))), expected \(expected)")
        }
    }

    /// Where in the file a value is missing or wrong, and why.
    private static func place(of error: any Error) -> String {
        guard let error = error as? DecodingError else { return "\(error)" }
        let context =
            switch error {
            case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context),
                .dataCorrupted(let context):
                context
            @unknown default: DecodingError.Context(codingPath: [], debugDescription: "\(error)")
            }
        let path = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
        return (path.isEmpty ? "" : "\(path): ") + context.debugDescription
    }

    private static func oneLine(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).joined(separator: "; ")
    }
}
