/// What making a call a second time does, as its caller declares it.
public enum OperationEffect: String, Hashable, Sendable, Codable, CaseIterable {
    /// The call changes nothing: it may be repeated, hedged, and answered by a fallback.
    case read

    /// A second call changes nothing more, such as a cancel: it may be repeated and answered by a fallback.
    case idempotent

    /// The call makes something, and a key makes it once however often it comes: it may be repeated.
    case keyedCreate

    /// Every call may make one more: it is never repeated after an ambiguous failure.
    case create

    /// True where a call may be repeated although the one before may have done its work.
    public var isIdempotent: Bool { self != .create }

    /// True where an answer from elsewhere may stand for the call's own.
    public var allowsFallback: Bool { self == .read || self == .idempotent }
}
