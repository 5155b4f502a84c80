/// An error by which a call was refused on this side: nothing of it has left, and nothing was done.
///
/// A retry stops at it unless it is told otherwise, and never asks again before `notBefore`.
public protocol CallRefusal: Error {
    /// When asking again makes sense; nil where no time is known at which it would.
    var notBefore: MonotonicInstant? { get }
}

/// An error that may stand for refusals alone, such as that of a retry of which every attempt was refused.
package protocol RefusalSummary: Error {
    /// True where no call was made that it tells of.
    var isRefusal: Bool { get }
}

extension Error {
    /// True where the error says that nothing was done: a `CallRefusal`, or what tells of nothing else.
    package var saysNothingWasDone: Bool {
        self is any CallRefusal || (self as? any RefusalSummary)?.isRefusal == true
    }
}
