import SeawallBroker
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct VenueDocumentTests {
    /// The profile that Docs/Venues.md shows is one that can be read and that holds.
    @Test func theProfileInTheDocumentHolds() throws {
        let tests = #filePath.split(separator: "/").dropLast(5).joined(separator: "/")
        let document = try String(contentsOfFile: "/\(tests)/Docs/Venues.md", encoding: .utf8)
        let block = try #require(document.split(separator: "```json\n").dropFirst().first)
        let json = try #require(block.split(separator: "```").first)
        let profile = try JSONDecoder().decode(VenueProfile.self, from: Data(json.utf8))
        try profile.validate()
        #expect(profile.name == "my-exchange")
        #expect(profile.wordings.count == 8)
    }
}
