import Seawall

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension VenueProfile {
    /// The profile of that name, or the one that a JSON file holds, judged.
    ///
    /// - Throws: `BadInput` for a name that there is not, and for a file that holds no profile or a wrong one, with
    ///   everything that is wrong with it on one line.
    init(drill name: String) throws(BadInput) {
        if let known = VenueProfile.named(name) {
            self = known
            return
        }
        guard name.hasSuffix(".json") else {
            let names = VenueProfile.all.map(\.name).joined(separator: ", ")
            throw BadInput(
                "--venue is \(BadInput.quoted(name)), expected the path of a .json file or one of \(names)")
        }
        let bytes = try FileInput.bytes(of: name)
        do {
            let profile = try JSONDecoder().decode(VenueProfile.self, from: Data(bytes))
            try profile.validate()
            self = profile
        } catch let error as InvalidFields {
            throw BadInput("\(BadInput.quoted(name)): \(Self.oneLine("\(error)"))")
        } catch {
            throw BadInput(
                "\(BadInput.quoted(name)): \(Self.oneLine(Self.place(of: error))), expected a venue's profile")
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
