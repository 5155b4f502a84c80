/// An argument that makes no sense, in one line.
struct OptionsError: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) { self.description = description }
}
