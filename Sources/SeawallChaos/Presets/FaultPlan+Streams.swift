internal import SeawallBroker

/// Streams stall, break and lose; each of the two streams on its own count.
extension FaultPlan {
    /// Streams go on beating and bring nothing for so many seconds.
    public static func wsStaleMessages(seconds: Int = 30) -> FaultPlan {
        onBoth("ws_stale_messages", .streamMute(.content, for: .seconds(seconds)), after: 3, times: 1)
    }

    /// Streams bring content and no sign of life for so many seconds.
    public static func wsStaleHeartbeat(seconds: Int = 60) -> FaultPlan {
        onBoth("ws_stale_heartbeat", .streamMute(.heartbeats, for: .seconds(seconds)), after: 3, times: 1)
    }

    /// Streams end, and nobody gets through to the venue's streams for a minute.
    public static func wsDisconnect() -> FaultPlan {
        var plan = onBoth("ws_disconnect", .streamBreak(clean: true), after: 3, times: 1)
        plan.actions += onBoth("ws_refused", .outage(for: .seconds(60), as: .refused), after: 1, times: 1).actions
        return plan
    }

    /// Streams break so many times, and can be opened again at once.
    public static func wsReconnect(times: Int = 1) -> FaultPlan {
        onBoth("ws_reconnect", .streamBreak(clean: true), after: 3, times: times)
    }

    /// So many gaps of one event each, with events between them that come.
    public static func wsGap(count: Int = 5) -> FaultPlan {
        FaultPlan(
            streams.flatMap { stream in
                FaultAction.sequence(
                    Array(repeating: FaultAction(.streamGap(events: 1), after: 5, times: 1), count: max(0, count))
                ).map { named("ws_gap", $0, stream) }
            })
    }

    /// Streams break with an error.
    public static func wsError() -> FaultPlan {
        onBoth("ws_error", .streamBreak(clean: false), after: 3, times: 1)
    }

    /// Nothing goes wrong.
    public static func wsHealthy() -> FaultPlan { FaultPlan() }

    /// Every connection of a stream breaks after so long.
    public static func flappingStream(every life: Duration = .seconds(20)) -> FaultPlan {
        FaultPlan(
            streams.map { stream in
                FaultAction(.streamFlap(every: life), on: FaultMatch(operations: [stream]), name: "flap")
            })
    }

    /// Streams repeat events, count from 1 again, and show what was; now and then they are half open for a minute.
    public static func oddStreams(_ share: Double = 0.03) -> FaultPlan {
        FaultPlan(
            streams.flatMap { stream in
                [
                    .streamRepeat(times: 1), .streamReset, .streamReplay(age: .seconds(5)),
                    .streamHang(for: .seconds(60)),
                ].map { FaultAction($0, on: FaultMatch(operations: [stream]), probability: share) }
            })
    }

    private static let streams: [BrokerOperation] = [.userStream, .marketStream]

    private static func onBoth(_ name: String, _ effect: FaultEffect, after: Int, times: Int) -> FaultPlan {
        FaultPlan(streams.map { named(name, FaultAction(effect, after: after, times: times), $0) })
    }

    private static func named(_ name: String, _ action: FaultAction, _ stream: BrokerOperation) -> FaultAction {
        var action = action
        action.name = name
        action.match.operations = [stream]
        return action
    }
}
