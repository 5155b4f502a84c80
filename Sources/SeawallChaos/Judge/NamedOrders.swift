internal import Seawall

/// What the bot's side has been told of its orders' names, where the venue cancels by its own ids alone.
///
/// A cancel by a name that the venue does not take cannot be sent. From the first answer or event that tells the other
/// name on it can; a quarter of a second may pass until the cancel goes out. A process that begins knows none of them.
struct NamedOrders: Sendable {
    /// How soon after the name was told the cancel has to be on its way.
    static let grace = Duration.milliseconds(250)

    private var needsNames = false
    private var placed: Set<String> = []
    private var told: [String: MonotonicInstant] = [:]

    mutating func observe(_ record: RunRecord) {
        switch record.body {
        case .run(let header): needsNames = !header.cancelsByClientID
        case .request(let request) where request.operation == .place:
            if needsNames, let clientID = request.clientID { placed.insert(clientID.rawValue) }
        case .told(let names): told[names.clientID.rawValue] = told[names.clientID.rawValue] ?? record.at
        case .crash: told = [:]
        default: break
        }
    }

    /// From when on a cancel can be sent, one of its orders at least; nil where it cannot yet.
    func sendable(_ cancel: CallRecord) -> MonotonicInstant? {
        if cancel.targets.isEmpty { return .origin }
        return cancel.targets.compactMap { target in
            placed.contains(target) ? told[target]?.advanced(by: Self.grace) : .origin
        }.min()
    }
}
