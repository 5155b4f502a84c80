/// Which of several runnable jobs goes next.
public enum SimulationScheduling: String, Sendable, Hashable, Codable, CaseIterable {
    /// Any of them, by one draw from the seed's stream for the schedule: this finds races between tasks.
    case random

    /// The one that became runnable first: for tests that pin one order.
    case fifo
}
