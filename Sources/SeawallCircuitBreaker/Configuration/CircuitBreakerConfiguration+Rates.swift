extension CircuitBreakerConfiguration {
    /// The shares of failures and of slow calls among the last calls that trip the breaker.
    ///
    /// All thresholds are whole numbers per thousand calls and compared as such. Only a failure or a slow call trips the
    /// breaker: a quick success never does, even where it completes the minimum of calls.
    public struct Rates: Hashable, Sendable {
        /// What the rates look at.
        public enum Window: Hashable, Sendable {
            /// The last so many calls, from 1 to 100,000; one bit of memory each, two where slow calls count.
            case calls(Int)

            /// The calls that ended within the last so much time, above zero.
            ///
            /// Time goes by in tenths: the window holds the present tenth and the nine before it.
            case time(Duration)
        }

        /// Where the duration of calls and the age of results are read.
        public enum Clock: String, Hashable, Sendable, Codable, CaseIterable {
            /// The time source's present instant.
            case precise

            /// The time source's coarse reading: much cheaper on Linux, and late by some milliseconds.
            case coarse
        }

        /// The window; the last 100 calls unless told.
        public var window: Window

        /// How many calls must be in the window before a rate means anything, at least 1 and at most the window's calls.
        public var minimumCalls: Int

        /// Failures per thousand calls at which the breaker trips, from 1 to 1,000; nil leaves failures out.
        public var failuresPerMille: Int?

        /// Slow calls per thousand calls at which the breaker trips, from 1 to 1,000; nil leaves slowness out.
        ///
        /// Where it is set, a half-open breaker takes a slow probe for a failed one.
        public var slowCallsPerMille: Int?

        /// How long a call takes at least that counts as slow, above zero; it may be a success or a failure.
        public var slowCallDuration: Duration

        /// Where time is read for slow calls and for a window of time; the precise clock unless told.
        public var clock: Clock

        /// Makes rates: half of the last 100 calls failed, once 10 were made, unless told.
        public init(
            window: Window = .calls(100),
            minimumCalls: Int = 10,
            failuresPerMille: Int? = 500,
            slowCallsPerMille: Int? = nil,
            slowCallDuration: Duration = .seconds(5),
            clock: Clock = .precise
        ) {
            self.window = window
            self.minimumCalls = minimumCalls
            self.failuresPerMille = failuresPerMille
            self.slowCallsPerMille = slowCallsPerMille
            self.slowCallDuration = slowCallDuration
            self.clock = clock
        }
    }

    /// How calls come back after the breaker has closed: a share of them that grows evenly to all.
    public struct Ramp: Hashable, Sendable {
        /// How long it takes until all calls pass, above zero.
        public var duration: Duration

        /// Calls per thousand that pass at its begin, from 1 to 1,000.
        public var firstPerMille: Int

        /// Makes a ramp that begins with a tenth of the calls unless told.
        public init(duration: Duration, firstPerMille: Int = 100) {
            self.duration = duration
            self.firstPerMille = firstPerMille
        }
    }
}
