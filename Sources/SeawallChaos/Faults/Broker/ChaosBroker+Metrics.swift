public import SeawallMetrics
internal import SeawallTime

extension ChaosBroker {
    /// Counts the faults that strike in `chaos_faults_total{fault=,operation=}` of a registry.
    ///
    /// Several brokers may share a registry. Faults that name their operations stand at zero from the start.
    ///
    /// - Throws: `MetricsError` where another metric has the name.
    public func report(to registry: MetricsRegistry) throws(MetricsError) {
        let family = try registry.counter(
            "chaos_faults_total", help: "Faults that struck.", labels: ["fault", "operation"])
        for action in plan.actions {
            for operation in action.match.operations ?? [] where action.operations.contains(operation) {
                _ = family.with(("fault", action.name), ("operation", operation.rawValue))
            }
        }
        let counted = Lock([FaultCount]())
        registry.beforeReading { [weak self] in
            guard let self else { return }
            let growth = counted.withLock { counted in
                let known = Dictionary(
                    counted.map { (FaultCount(fault: $0.fault, operation: $0.operation, count: 0), $0) }
                ) {
                    $1
                }
                counted = self.report
                return counted.map { now in
                    let before = known[FaultCount(fault: now.fault, operation: now.operation, count: 0)]?.count ?? 0
                    return FaultCount(fault: now.fault, operation: now.operation, count: max(0, now.count - before))
                }
            }
            for count in growth where count.count > 0 {
                family.with(("fault", count.fault), ("operation", count.operation.rawValue)).increment(by: count.count)
            }
        }
    }
}
