internal import SeawallTime

/// What the user demands of a run: after every step, at every event, and at its end.
///
/// The lists are read on the simulation's thread after each of its moments, and where there is none nothing is read.
final class InvariantBook: Sendable {
    typealias Check = @Sendable () -> String?
    typealias NoteCheck = @Sendable (String) -> String?

    private struct Named<Body: Sendable>: Sendable {
        var name: String
        var body: Body
    }

    private struct Lists: Sendable {
        var steps: [Named<Check>] = []
        var ends: [Named<Check>] = []
        var notes: [Named<NoteCheck>] = []
    }

    private let lists = Lock(Lists())

    func addAtStep(_ name: String, _ check: @escaping Check, _ executor: SimulationExecutor) {
        let steps = lists.withLock { lists in
            lists.steps.append(Named(name: name, body: check))
            return lists.steps
        }
        executor.onStep { [unowned executor] in
            for step in steps {
                if let message = step.body() { executor.violate(step.name, message) }
            }
        }
    }

    func addAtEnd(_ name: String, _ check: @escaping Check) {
        lists.withLock { $0.ends.append(Named(name: name, body: check)) }
    }

    func addAtNote(_ name: String, _ check: @escaping NoteCheck) {
        lists.withLock { $0.notes.append(Named(name: name, body: check)) }
    }

    func hear(note: String, _ executor: SimulationExecutor) {
        guard executor.isOnOwnThread else { return }
        for check in lists.withLock({ $0.notes }) {
            if let message = check.body(note) { executor.violate(check.name, message) }
        }
    }

    func clear() {
        lists.withLock { $0 = Lists() }
    }

    func checkEnd(_ executor: SimulationExecutor) {
        for check in lists.withLock({ $0.ends }) {
            if let message = check.body() { executor.violate(check.name, message) }
        }
    }
}
