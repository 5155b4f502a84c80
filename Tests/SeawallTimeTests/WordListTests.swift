import SeawallTime
import Testing

@Suite struct WordListTests {
    private enum Direction: String, CaseIterable {
        case up
        case down = "downwards"
    }

    private enum Level: Int, CaseIterable {
        case first
    }

    @Test func theWordsOfATypeAreListedWhereItHasAny() {
        #expect(WordList.words(of: Direction.self) == "up, downwards")
        #expect(WordList.words(of: Level.self) == nil)
        #expect(WordList.words(of: Int.self) == nil)
        #expect(WordList.words(of: Direction?.self) == nil)
    }
}
