import Seawall
import SeawallChaos
import SeawallTime
import Testing

extension MetricScenario {
    private static let process = [
        "process_resident_memory_bytes", "process_virtual_memory_bytes", "process_cpu_seconds_total",
        "process_open_fds", "process_max_fds", "process_start_time_seconds", "process_threads", "process_memory_mb",
    ]

    private static let disk = MemoryStorage()

    /// Alerts, the journal, faults, and the process.
    static let surroundings = [
        MetricScenario(
            "alerts",
            [
                Expected("alerts_sent_total", ["sink": "good"], 3), Expected("alerts_failed_total", ["sink": "bad"], 3),
                Expected("alerts_dropped_total", ["sink": "slow"], 1), Expected("alerts_waiting", ["sink": "slow"], 2),
                Expected("alert_episodes_open", ["severity": "critical"], 1),
                Expected("alert_episodes_refused_total", 1), Expected("alert_history_fill_ratio", 0.03),
            ]
        ) { rig, verify in
            let alerts = rig.layer.alerts
            try alerts.register("good") { _ in }
            try alerts.register("bad") { _ in throw Mishap() }
            try alerts.register("slow") { _ in try await rig.pass(.seconds(600)) }
            for severity in [AlertSeverity.warning, .error, .critical] {
                alerts.begin("one", code: "test", severity: severity, message: "trouble")
                try await rig.pass(.milliseconds(1))
            }
            alerts.begin("two", code: "test", severity: .critical, message: "trouble")
            verify()
        }.with {
            $0.configuration.alerts.episodeLimit = 1
            $0.configuration.alerts.queueLimit = 1
        },
        MetricScenario(
            "a sink that goes while alerts wait for it",
            [Expected("alerts_waiting", ["sink": "slow"], 0), Expected("alerts_waiting", ["sink": "other"], 1)]
        ) { rig, verify in
            let alerts = rig.layer.alerts
            for name in ["slow", "other"] { try alerts.register(name) { _ in try await rig.pass(.seconds(600)) } }
            alerts.begin("one", code: "test", severity: .error, message: "trouble")
            try await rig.pass(.milliseconds(1))
            #expect((rig.layer.metrics.reading("alerts_waiting", ["sink": "slow"]) ?? 0) > 0)
            #expect(alerts.unregister("slow"))
            verify()
        },
        MetricScenario(
            "a journal",
            [
                .grows("journal_size_bytes"), .grows("journal_fill_ratio"), .grows("journal_records_total"),
                Expected("journal_unsafe_records", 1), Expected("journal_failing", 1),
            ]
        ) { rig, verify in
            try rig.layer.pauseAll(for: .seconds(600), reason: "test")
            disk.setBroken(true)
            defer { disk.setBroken(false) }
            try rig.layer.pause(.symbol(Rig.symbol), for: .seconds(600), reason: "test")
            verify()
        }.with { $0.storage = disk },
        MetricScenario(
            "faults of a test",
            [
                Expected("chaos_faults_total", ["fault": "no_way", "operation": "ticker"], 2),
                Expected("chaos_faults_total", ["fault": "no_way", "operation": "depth"], 0),
            ]
        ) { rig, verify in
            let fault = FaultAction(.lostBefore(.reset(after: .zero)), on: .on(.ticker, .depth), name: "no_way")
            let chaos = try ChaosBroker(rig.base, plan: [fault], environment: RuntimeEnvironment(time: rig.time))
            try chaos.report(to: rig.layer.metrics)
            for _ in 0..<2 { _ = try? await chaos.ticker(for: Rig.symbol) }
            verify()
        },
        MetricScenario(
            "the process and wrong uses",
            process.map(Expected.known) + [
                Expected("metrics_faults_total", ["fault": "refused_update", "metric": "seawall_own_total"], 1)
            ]
        ) { rig, verify in
            try rig.layer.metrics.counter("own_total", help: "The test's own.").with().increment(by: -1)
            verify()
        },
    ]
}
