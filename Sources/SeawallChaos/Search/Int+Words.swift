extension Int {
    /// The number with its noun, which is in the plural unless there is one of it.
    func of(_ noun: String) -> String { self == 1 ? "1 \(noun)" : "\(self) \(noun)s" }
}
