/// Which cases promise what.
enum Promises {
    /// The hot paths of the lower floors, which allocate nothing on any machine and under any load.
    static let allocateNothing = [
        "retry.delay", "retry.sync-success", "retry.sync-budget", "retry.async-shared", "retry.async-success",
        "retry.async-budget", "retry.async-opaque",
        "breaker.consecutive", "breaker.consecutive-permit", "breaker.consecutive-decision", "breaker.count-window",
        "breaker.count-window-mixed", "breaker.time-window", "breaker.time-window-coarse", "breaker.rejection",
        "breaker.rejection-isolated", "breaker.failure", "breaker.run",
        "limiter.try-acquire", "limiter.try-acquire-three", "limiter.try-acquire-refused",
        "limiter.try-acquire-settle", "limiter.prepared", "limiter.prepared-coarse", "limiter.prepared-given",
        "limiter.prepared-three", "limiter.prepared-exact", "limiter.prepared-refused",
        "metrics.counter", "metrics.histogram", "metrics.histogram-duration", "metrics.child", "trace.span-off",
        "alert.suppressed",
    ]
}
