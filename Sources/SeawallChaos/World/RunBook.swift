internal import Seawall
internal import SeawallTime

/// What a run is written into and judged by: one log, one judge, and the names of calls and requests.
final class RunBook: Sendable {
    let log: RunLog
    let judge = Judge()
    let names = RunNames()
    let consequences = Lock(ConsequenceReader())
    /// The civil time at instant zero, on a clock that nobody steps.
    let civilAtZero: CivilInstant

    init(world: SimulatedWorld) {
        log = RunLog(time: world.time)
        civilAtZero = world.time.civilNow.advanced(by: world.time.now.duration(to: .origin))
        log.onRecord { [judge] in judge.observe($0) }
        log.onRecord { [weak self] record in self?.consequences.withLock { $0.observe(record) } }
        // What tasks do on being cancelled at the end is no part of the run.
        world.atStop { [log] _ in log.end() }
    }
}

extension SimulatedWorld {
    var book: RunBook { attachments.value(RunBook.self) { RunBook(world: self) } }
}
