/// The words of a type that is read as one of several.
package enum WordList {
    /// The words, with commas between; nil where the type has none.
    ///
    /// An error that only says that a word is none of them leaves the reader to look for them.
    package static func words(of type: Any.Type) -> String? {
        guard let type = type as? any CaseIterable.Type else { return nil }
        let words = type.words
        return words.isEmpty ? nil : words.joined(separator: ", ")
    }
}

extension CaseIterable {
    fileprivate static var words: [String] {
        allCases.compactMap { ($0 as? any RawRepresentable)?.rawValue as? String }
    }
}
