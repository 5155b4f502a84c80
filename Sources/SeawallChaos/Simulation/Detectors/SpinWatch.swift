internal import SeawallTime

/// Who makes jobs runnable in the last steps of an instant that takes too many.
struct SpinWatch {
    /// How many steps before the limit it begins to watch.
    static let length = 256

    private let outer: String?
    private var counts: [String: Int] = [:]

    /// Begins to watch; made outside of any job, where the current task is the one that runs the simulation.
    init() { outer = Self.currentName }

    /// Counts the task that runs now; it is the one that asks for the job.
    mutating func see() {
        if let name = Self.currentName, name != outer { counts[name, default: 0] += 1 }
    }

    private static var currentName: String? {
        guard #available(macOS 26.0, iOS 26.0, tvOS 26.0, watchOS 26.0, visionOS 26.0, *) else { return nil }
        return Task.name
    }

    /// The names, the busiest first.
    var names: [String] {
        counts.sorted { ($0.value, $1.key) > ($1.value, $0.key) }.prefix(8).map(\.key)
    }
}
