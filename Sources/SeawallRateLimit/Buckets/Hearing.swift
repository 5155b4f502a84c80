internal import SeawallTime

/// When a server was heard, and until when its word may count.
struct Hearing: Sendable {
    var heardAt: Int64
    /// When the server said that it begins anew.
    var resetsAt: Int64

    /// When it counts no more: one window later, or with the venue's own window where that is known to end sooner.
    func leaves(_ window: Int64, _ alignment: WindowAlignment?) -> Int64 {
        let whole = min(resetsAt, heardAt.addingSaturating(window))
        guard let alignment else { return whole }
        return min(whole, alignment.leaves(heardAt, length: window) ?? whole)
    }
}
