/// How far the body of a run has come.
enum SimulationRootState: Sendable {
    case running
    case ended((any Error)?)

    var isDone: Bool {
        switch self {
        case .running: false
        case .ended: true
        }
    }

    var error: (any Error)? {
        switch self {
        case .running: nil
        case .ended(let error): error
        }
    }
}
