import Seawall

/// The person at the desk: pauses by hand and resumes, as a scenario says.
struct Operator: Sendable {
    let layer: ReliabilityLayer
    let time: any TimeSource

    /// One thing that an operator does, again and again.
    struct Pause: Sendable {
        /// How long after the last one, or after the start.
        var after: Duration
        /// What still passes.
        var level: Permission
        /// How long until it is resumed by hand.
        var length: Duration
        /// What it covers.
        var scope: CauseScope
    }

    /// Goes through the pauses again and again until the task is cancelled.
    func work(_ pauses: [Pause]) async {
        guard !pauses.isEmpty else { return }
        while !Task.isCancelled {
            for pause in pauses {
                do {
                    try await time.sleep(for: pause.after)
                    try layer.pause(pause.scope, level: pause.level, reason: "drill")
                    try await time.sleep(for: pause.length)
                } catch { return }
                layer.resume(pause.scope)
            }
        }
    }
}
