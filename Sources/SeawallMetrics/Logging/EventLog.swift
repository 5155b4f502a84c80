public import SeawallTime

/// Where parts say what happened; off unless it was given a sink, and then free.
public struct EventLog: Sendable {
    @usableFromInline let core: EventLogCore?

    /// A log that goes nowhere; it builds no fields and reads no clock.
    public static let off = EventLog(core: nil)

    /// Makes a log.
    ///
    /// - Parameters:
    ///   - sink: What takes the events.
    ///   - level: The least level that is taken from parts that are not named.
    ///   - levels: The least level for parts by name; nil silences the part.
    ///   - time: Says when an event happened.
    public init(
        _ sink: any LogEventSink, level: LogLevel = .info, levels: [String: LogLevel?] = [:],
        time: any TimeSource = SystemTime()
    ) {
        core = EventLogCore(sink: sink, level: level, levels: levels, time: time)
    }

    /// Makes a log whose events go to a closure: the bridge to any logger.
    ///
    /// ```swift
    /// let log = EventLog { logger.info("\($0.part) \($0.code) \($0.fields)") }
    /// ```
    /// - Parameters:
    ///   - level: The least level that is taken from parts that are not named.
    ///   - levels: The least level for parts by name; nil silences the part.
    ///   - time: Says when an event happened.
    ///   - handler: Takes the events; called on the thread that logs, under no lock, so it must be quick and may not wait.
    public init(
        level: LogLevel = .info, levels: [String: LogLevel?] = [:], time: any TimeSource = SystemTime(),
        handler: @escaping @Sendable (LogEvent) -> Void
    ) {
        self.init(HandlerSink(handler: handler), level: level, levels: levels, time: time)
    }

    private init(core: EventLogCore?) { self.core = core }

    /// Whether it goes anywhere.
    public var isOn: Bool { core != nil }

    /// Whether an event of a part and level would be taken.
    public func takes(_ level: LogLevel, from part: String) -> Bool {
        core?.takes(level, from: part) ?? false
    }

    /// Notes that something happened; the fields are built only where the event is taken.
    @inlinable
    public func log(
        _ level: LogLevel, _ part: String, _ code: String, _ fields: @autoclosure () -> [String: TraceValue] = [:]
    ) {
        guard let core, core.takes(level, from: part) else { return }
        core.write(level, part, code, fields())
    }
}

/// What a log that is on works with.
@usableFromInline final class EventLogCore: Sendable {
    private let sink: any LogEventSink
    private let level: LogLevel
    private let levels: [String: LogLevel?]
    private let time: any TimeSource

    init(sink: any LogEventSink, level: LogLevel, levels: [String: LogLevel?], time: any TimeSource) {
        self.sink = sink
        self.level = level
        self.levels = levels
        self.time = time
    }

    @usableFromInline func takes(_ level: LogLevel, from part: String) -> Bool {
        guard let own = levels[part] else { return level >= self.level }
        return own.map { level >= $0 } ?? false
    }

    @usableFromInline func write(_ level: LogLevel, _ part: String, _ code: String, _ fields: [String: TraceValue]) {
        sink.write(
            LogEvent(
                at: time.civilNow, part: part, level: level, code: code, fields: fields,
                correlation: Correlation.current, span: SpanContext.current))
    }
}

/// A sink that is a closure.
private struct HandlerSink: LogEventSink {
    let handler: @Sendable (LogEvent) -> Void

    func write(_ event: LogEvent) { handler(event) }
}
