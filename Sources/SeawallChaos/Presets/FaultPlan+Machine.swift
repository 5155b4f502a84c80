internal import SeawallBroker

/// The machine under the bot goes wrong; what strikes, strikes where an order is placed or cancelled.
extension FaultPlan {
    /// The civil clock is moved, forward and back, by seconds and by an hour.
    public static func clockSteps() -> FaultPlan {
        FaultPlan(
            [Duration.seconds(30), .seconds(-30), .seconds(3_600), .seconds(-3_600)].enumerated().map { number, step in
                FaultAction(.clockStep(step), on: .on(.place), times: 1, from: .seconds(240 * (number + 1)))
            })
    }

    /// The machine sleeps for a time, twice.
    public static func sleep(for duration: Duration = .seconds(600)) -> FaultPlan {
        FaultPlan(
            [300, 1_200].map { second in
                FaultAction(.machineSleep(duration), on: .on(.place), times: 1, from: .seconds(second))
            })
    }

    /// The process ends before an order is sent, after one was taken, and after a cancel.
    public static func crash() -> FaultPlan {
        [
            FaultAction(.crash(.after), on: .on(.place), name: "crash_after_place", after: 4, times: 1),
            FaultAction(.crash(.before), on: .on(.place), name: "crash_before_place", after: 9, times: 1),
            FaultAction(.crash(.after), on: .on(.cancel), name: "crash_after_cancel", after: 3, times: 1),
        ]
    }

    /// The disk is full, fails, and cannot make anything safe: each for a time.
    public static func disk(for duration: Duration = .seconds(60)) -> FaultPlan {
        FaultPlan(
            DiskFailure.allCases.enumerated().map { number, failure in
                FaultAction(
                    .diskFailure(failure, for: duration), on: .on(.place), name: "disk_\(failure.rawValue)", times: 1,
                    from: .seconds(240 * (number + 1)))
            })
    }

    /// Another process on the same account spends so much of every limit, for a minute at a time.
    public static func secondProcess(perMille: Int = 600) -> FaultPlan {
        FaultPlan(
            (1...4).map { number in
                FaultAction(
                    .secondProcess(perMille: perMille, for: .seconds(60)), on: .on(.place), times: 1,
                    from: .seconds(240 * number))
            })
    }

    /// The venue refuses the key for a time.
    public static func keyExpiry(for duration: Duration = .seconds(120)) -> FaultPlan {
        [FaultAction(.authenticationExpiry(for: duration), on: .on(.place), times: 1, from: .seconds(300))]
    }
}
