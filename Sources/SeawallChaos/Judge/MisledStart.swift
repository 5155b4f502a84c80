internal import SeawallBroker

/// Whether a venue told the process the same wrong positions again and again when it started.
///
/// Nobody can prove what reduces against a venue that gives a wrong answer twice in a row, and no right one after.
struct MisledStart: Sendable {
    /// The faults that make an answer wrong and leave it readable.
    private static let lies: Set<String> = ["empty_list", "old_answer"]

    private var questions: Set<String> = []
    private var struck: Set<String> = []
    private var liesInARow = 0

    /// True from the second wrong answer on, until a right one or the end of the process.
    var isMisled: Bool { liesInARow >= 2 }

    mutating func observe(_ record: RunRecord) {
        switch record.body {
        case .request(let request) where request.operation == .positions && request.call == nil:
            questions.insert(request.id)
        case .fault(let fault) where Self.lies.contains(fault.fault):
            if let request = fault.request { struck.insert(request) }
        case .reply(let reply) where reply.event == .answered && reply.outcome == "succeeded":
            guard questions.remove(reply.id) != nil else { return }
            liesInARow = struck.remove(reply.id) == nil ? 0 : liesInARow + 1
        case .crash: self = MisledStart()
        default: break
        }
    }
}
