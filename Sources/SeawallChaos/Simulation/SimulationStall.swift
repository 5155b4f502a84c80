/// A run in which nothing can happen any more, although its body has not ended.
public struct SimulationStall: Sendable, Hashable, CustomStringConvertible {
    /// How many tasks sleep until the distant future.
    public let pendingSleepers: Int

    /// How many tasks of the spawner have not ended.
    public let liveTasks: Int

    /// Where those were started, as module, file and line.
    public let liveOrigins: [String]

    /// What causes such a stall, the likeliest first.
    public var hints: [String] {
        let sleepers = [
            "\(pendingSleepers) sleep until the distant future: cancel whoever waits for ever"
        ]
        return (pendingSleepers > 0 ? sleepers : []) + [
            "a continuation is never resumed, or a stream that somebody reads is never finished",
            "two tasks wait for each other",
            "`@MainActor` code is awaited: the main queue does not run inside a simulation",
            "`Task.sleep` or another real clock is awaited: sleep on the world's time",
            "a `Task {}`, a thread, a queue or the network is awaited: start tasks with the world's spawner",
        ]
    }

    /// What is pending, and the hints.
    public var description: String {
        "nothing is runnable and nobody sleeps until a time that comes; sleepers \(pendingSleepers), spawned tasks "
            + "\(liveTasks)\(liveOrigins.isEmpty ? "" : " (\(liveOrigins.joined(separator: ", ")))"). Look for: "
            + hints.joined(separator: "; ") + "."
    }
}
