/// A fault that never struck: it matched nothing, or its time or its turn never came.
public struct UnstruckFault: Hashable, Codable, Sendable {
    /// Where it stands in the plan, from 0.
    public var index: Int

    /// The fault's name.
    public var fault: String

    /// How many calls or events it matched.
    public var matched: Int

    /// Makes a line of a report.
    public init(index: Int, fault: String, matched: Int) {
        self.index = index
        self.fault = fault
        self.matched = matched
    }
}

extension UnstruckFault: CustomStringConvertible {
    /// The fault, its place, and what it matched.
    public var description: String {
        matched == 0
            ? "actions[\(index)] \(fault) matched no call"
            : "actions[\(index)] \(fault) matched \(matched), never struck"
    }
}
