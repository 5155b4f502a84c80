internal import Seawall

/// What a run is written into and judged by: one log, one judge, and the names of calls and requests.
final class RunBook: Sendable {
    let log: RunLog
    let judge = Judge()
    let names = RunNames()

    init(world: SimulatedWorld) {
        log = RunLog(time: world.time)
        log.onRecord { [judge] in judge.observe($0) }
        // What tasks do on being cancelled at the end is no part of the run.
        world.atStop { [log] _ in log.end() }
    }
}

extension SimulatedWorld {
    var book: RunBook { attachments.value(RunBook.self) { RunBook(world: self) } }
}
