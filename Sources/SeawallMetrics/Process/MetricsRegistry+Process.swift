internal import SeawallTime

extension MetricsRegistry {
    /// Adds what the system says of this process, read anew at each reading of the metrics.
    ///
    /// The names are those that every Prometheus client uses, without the registry's prefix:
    /// `process_resident_memory_bytes`, `process_virtual_memory_bytes`, `process_cpu_seconds_total`, `process_open_fds`,
    /// `process_max_fds`, `process_start_time_seconds`, `process_threads`; and with the prefix `process_memory_mb`, the
    /// resident memory in units of 1,048,576 bytes. What the system does not say stays NaN. A second call changes nothing.
    ///
    /// - Throws: `MetricsError` where another metric has one of the names.
    public func addProcessMetrics() throws(MetricsError) {
        try addProcessMetrics(reading: ProcessReading.now)
    }

    func addProcessMetrics(reading read: @escaping @Sendable () -> ProcessReading) throws(MetricsError) {
        let isNew = contents.withLock { $0.byName["process_cpu_seconds_total"] == nil }
        let cpu: CounterFamily = try register(
            standard("process_cpu_seconds_total", .counter, "User and system CPU time spent in seconds.")
        ) { faults in { Counter(faults: faults) } }
        let gauges: [(Gauge, @Sendable (ProcessReading) -> Double?)] = [
            (try gauge("process_resident_memory_bytes", "Resident memory size in bytes."), { $0.residentBytes }),
            (try gauge("process_virtual_memory_bytes", "Virtual memory size in bytes."), { $0.virtualBytes }),
            (try gauge("process_open_fds", "Number of open file descriptors."), { $0.openDescriptors }),
            (try gauge("process_max_fds", "Maximum number of open file descriptors."), { $0.mostDescriptors }),
            (
                try gauge("process_start_time_seconds", "Start time of the process since unix epoch in seconds."),
                { $0.startedAt }
            ),
            (try gauge("process_threads", "Number of OS threads in the process."), { $0.threads }),
            (
                try gauge("process_memory_mb", help: "Resident memory in units of 1,048,576 bytes.").with(),
                { $0.residentBytes.map { $0 / 1_048_576 } }
            ),
        ]
        guard isNew else { return }
        let handle = cpu.with()
        beforeReading {
            let reading = read()
            if let seconds = reading.cpuSeconds { handle.raise(to: seconds) }
            for (gauge, value) in gauges { gauge.set(value(reading) ?? .nan) }
        }
    }

    private func gauge(_ name: String, _ help: String) throws(MetricsError) -> Gauge {
        let family: GaugeFamily = try register(standard(name, .gauge, help)) { faults in { Gauge(faults: faults) } }
        return family.with()
    }

    private func standard(_ name: String, _ kind: MetricDescriptor.Kind, _ help: String) -> MetricDescriptor {
        MetricDescriptor(name: name, kind: kind, help: help, labelNames: [], constantLabels: constantLabels)
    }
}
