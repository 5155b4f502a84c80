/// A fault that never struck: it matched nothing, its time or its turn never came, or there was nothing to strike.
public struct UnstruckFault: Hashable, Codable, Sendable {
    /// Where it stands in the plan, from 0.
    public var index: Int

    /// The fault's name.
    public var fault: String

    /// How many calls or events it matched.
    public var matched: Int

    /// What was missing when its turn had come, such as a machine that could crash; nil where its turn never came.
    public var reason: String?

    /// Makes a line of a report.
    public init(index: Int, fault: String, matched: Int, reason: String? = nil) {
        self.index = index
        self.fault = fault
        self.matched = matched
        self.reason = reason
    }
}

extension UnstruckFault: CustomStringConvertible {
    /// The fault, its place, what it matched, and what was missing.
    public var description: String {
        if matched == 0 { return "actions[\(index)] \(fault) matched no call" }
        return "actions[\(index)] \(fault) matched \(matched), never struck" + (reason.map { ": \($0)" } ?? "")
    }
}
