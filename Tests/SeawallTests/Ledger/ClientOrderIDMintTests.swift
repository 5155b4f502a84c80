import SeawallBroker
import SeawallTime
import Testing

@testable import Seawall

@Suite struct ClientOrderIDMintTests {
    private let mint = ClientOrderIDMint(prefix: "sw", length: 36)

    @Test func theSameIntentGivesTheSameIDAndOthersGiveOthers() {
        var names = ["a", "b", "a b", "a_b", "a-b", "a.b", "", "ä", String(repeating: "x", count: 60)]
        names += (0..<2_000).map { "intent \($0) of many, too long to show in the id" }
        let ids = names.map { mint.id(for: IntentID($0)) }
        #expect(Set(ids).count == names.count)
        #expect(ids == names.map { mint.id(for: IntentID($0)) })
    }

    @Test func everyIDFitsAndIsPlain() {
        for name in ["a", "BTC-1-entry", String(repeating: "y", count: 500), "🚀", "a\nb", "x/y"] {
            let id = mint.id(for: IntentID(name)).rawValue
            #expect(id.utf8.count <= 36)
            #expect(id.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }, "\(id)")
        }
    }

    @Test func aShortIDStillFitsAndTellsIntentsApart() {
        let short = ClientOrderIDMint(prefix: "sw", length: 18)
        let ids = (0..<5_000).map { short.id(for: IntentID("intent \($0), too long to show")).rawValue }
        #expect(ids.allSatisfy { $0.utf8.count <= 18 && $0.hasPrefix("sw.h") })
        #expect(Set(ids).count == ids.count)
        #expect(short.id(for: "BTC-1-entry").rawValue == "sw.nBTC-1-entry")
    }

    @Test func noBotTakesTheIDsOfAnotherForItsOwn() {
        let other = ClientOrderIDMint(prefix: "swb", length: 36)
        #expect(!other.id(for: "a").rawValue.hasPrefix("sw."))
        #expect(mint.id(for: "a").rawValue.hasPrefix("sw."))
    }

    @Test func aPlainIntentThatLooksLikeAHashIsNotTakenForOne() {
        let hashed = mint.id(for: IntentID("needs hashing because of its spaces"))
        let plain = mint.id(for: IntentID(String(hashed.rawValue.dropFirst(4))))
        #expect(plain != hashed)
    }
}
