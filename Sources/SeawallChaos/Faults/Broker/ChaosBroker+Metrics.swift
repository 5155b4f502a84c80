internal import SeawallBroker
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
        func counter(_ fault: String, _ operation: BrokerOperation) -> Counter {
            family.with(("fault", fault), ("operation", operation.rawValue))
        }
        for action in plan.actions {
            for operation in action.match.operations ?? [] where action.operations.contains(operation) {
                _ = counter(action.name, operation)
            }
        }
        let counted = Lock([FaultCount]())
        registry.beforeReading { [weak self] in
            guard let self else { return }
            // Counted under the lock: of two readings at once each strike belongs to one.
            counted.withLock { counted in
                let before = counted
                counted = self.report
                for now in counted {
                    let known = before.first { $0.fault == now.fault && $0.operation == now.operation }?.count ?? 0
                    family.with(("fault", now.fault), ("operation", now.operation.rawValue))
                        .increment(by: max(0, now.count - known))
                }
            }
        }
    }
}
