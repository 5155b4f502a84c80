/// An error by which a call was refused on this side: nothing of it has left, and nothing was done.
///
/// A retry stops at it unless it is told otherwise, and never asks again before `notBefore`.
public protocol CallRefusal: Error {
    /// When asking again makes sense; nil where no time is known at which it would.
    var notBefore: MonotonicInstant? { get }
}
