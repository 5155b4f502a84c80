import SeawallTestSupport
import SeawallTime
import Testing

@testable import SeawallMetrics

@Suite struct ProcessMetricsTests {
    @Test func theProcessIsDescribedUnderTheNamesThatEveryClientUses() throws {
        let registry = try MetricsRegistry(prefix: "bot_")
        try registry.addProcessMetrics()
        try registry.addProcessMetrics()
        let families = try ExpositionParser.parse(registry.prometheusText())
        let values = Dictionary(
            uniqueKeysWithValues: families.flatMap(\.samples).map { ($0.name, $0.value) })
        let resident = try #require(values["process_resident_memory_bytes"])
        let virtual = try #require(values["process_virtual_memory_bytes"])
        #expect(resident > 1_000_000 && virtual >= resident)
        #expect(try #require(values["bot_process_memory_mb"]) == resident / 1_048_576)
        #expect(try #require(values["process_cpu_seconds_total"]) > 0)
        #expect(try #require(values["process_open_fds"]) >= 3)
        #expect(try #require(values["process_max_fds"]) >= #require(values["process_open_fds"]))
        #expect(try #require(values["process_threads"]) >= 1)
        let now = Double(SystemTime().civilNow.millisecondsSinceEpoch) / 1_000
        let started = try #require(values["process_start_time_seconds"])
        // The start of the machine is known to the second only.
        #expect(started > now - 86_400 && started < now + 2)
        #expect(families.first { $0.name == "process_cpu_seconds_total" }?.kind == "counter")
    }

    @Test func whatTheSystemDoesNotSayIsNaNAndTheCPUNeverFalls() throws {
        let registry = MetricsRegistry()
        let reading = Lock(ProcessReading(cpuSeconds: 4.5, threads: 2))
        try registry.addProcessMetrics { reading.withLock { $0 } }
        #expect(registry.prometheusText().contains("\nprocess_cpu_seconds_total 4.5\n"))
        #expect(registry.prometheusText().contains("\nprocess_threads 2\n"))
        #expect(registry.prometheusText().contains("\nprocess_open_fds NaN\n"))
        reading.withLock { $0 = ProcessReading(cpuSeconds: 3) }
        #expect(registry.prometheusText().contains("\nprocess_cpu_seconds_total 4.5\n"))
        #expect(registry.prometheusText().contains("\nprocess_threads NaN\n"))
        #expect(throws: Never.self) { try ExpositionParser.parseOpenMetrics(registry.openMetricsText()) }
    }

    #if os(Linux)
    @Test func aCommandMayBeCalledAnything() {
        let reading = ProcessReading(
            stat: "77 (a) b (c) S 1 2 3 4 5 6 7 8 9 10 150 50 13 14 15 16 9 18 1000 4096000 25 18446744073709551615\n",
            limits: "Limit   Soft Limit   Hard Limit  Units\nMax open files            1024        4096     files\n",
            systemStat: "cpu 1 2\nbtime 1700000000\n", descriptors: 12, ticksPerSecond: 100, pageSize: 4096)
        #expect(
            reading
                == ProcessReading(
                    residentBytes: 102_400, virtualBytes: 4_096_000, cpuSeconds: 2, openDescriptors: 12,
                    mostDescriptors: 1024, threads: 9, startedAt: 1_700_000_010))
    }

    @Test(arguments: ["", "1 (a", ")", "77 (a) S x y", "\u{0}"]) func unreadableTextsAreNothing(text: String) {
        let reading = ProcessReading(
            stat: text, limits: text, systemStat: text, descriptors: nil, ticksPerSecond: 0, pageSize: 4096)
        #expect(reading == ProcessReading())
    }
    #endif
}
