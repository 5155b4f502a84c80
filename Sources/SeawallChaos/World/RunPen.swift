/// Writes into the log of a run for one process, for as long as that process lives; or for nobody in particular.
struct RunPen: Sendable {
    let log: RunLog
    var fence: MachineFence?

    func append(_ body: RunRecord.Body) {
        if fence?.isDown != true { log.append(body) }
    }
}
