extension FaultEffect {
    /// How long after its strike the effect may still be felt; nil for as long as a connection lives.
    ///
    /// A Retry-After counts, since nothing may be sent into it.
    var lasting: Duration? {
        switch self {
        case .lostBefore(let loss), .lostAfter(let loss): loss.wait
        case .streamHang(let duration), .streamMute(_, let duration): duration
        case .clockStep, .oldAnswer, .streamReplay: .zero
        case .rateLimited(let retryAfter), .banned(let retryAfter): retryAfter.wait
        default: duration ?? .zero
        }
    }
}

extension FaultRetryAfter {
    /// How long the caller is told to wait; zero where nothing says so.
    fileprivate var wait: Duration {
        switch self {
        case .absent: .zero
        case .date(let wait), .epochMilliseconds(let wait): max(.zero, wait)
        case .text(let text): Duration.seconds(Int64(text) ?? 0)
        }
    }
}
