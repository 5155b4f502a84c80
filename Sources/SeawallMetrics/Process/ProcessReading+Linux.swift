#if os(Linux)
#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

extension ProcessReading {
    /// What the system says now.
    static func now() -> ProcessReading {
        ProcessReading(
            stat: SystemFile.text("/proc/self/stat") ?? "", limits: SystemFile.text("/proc/self/limits") ?? "",
            systemStat: SystemFile.text("/proc/stat") ?? "",
            // One of them is the folder that is being read.
            descriptors: SystemFile.entryCount("/proc/self/fd").map { max(0, $0 - 1) },
            ticksPerSecond: Double(sysconf(Int32(_SC_CLK_TCK))), pageSize: Double(sysconf(Int32(_SC_PAGESIZE))))
    }

    /// Reads the texts of the files under /proc.
    init(
        stat: String, limits: String, systemStat: String, descriptors: Int?, ticksPerSecond: Double, pageSize: Double
    ) {
        // The command's name stands in parentheses and may hold spaces and parentheses; the state follows the last one.
        let fields = stat[(stat.lastIndex(of: ")") ?? stat.startIndex)...].dropFirst().split(separator: " ")
        func field(_ number: Int) -> Double? {
            // As the manual counts, where the state is field 3.
            fields.indices.contains(number - 3) ? Double(fields[number - 3]) : nil
        }
        if ticksPerSecond > 0, let user = field(14), let system = field(15) {
            cpuSeconds = (user + system) / ticksPerSecond
        }
        threads = field(20)
        virtualBytes = field(23)
        residentBytes = field(24).map { $0 * pageSize }
        openDescriptors = descriptors.map(Double.init)
        let bootLine = systemStat.split(separator: "\n").first { $0.hasPrefix("btime ") }
        if ticksPerSecond > 0, let started = field(22), let boot = bootLine.flatMap({ Double($0.dropFirst(6)) }) {
            startedAt = boot + started / ticksPerSecond
        }
        let limit = limits.split(separator: "\n").first { $0.hasPrefix("Max open files") }
        if let soft = limit?.dropFirst("Max open files".count).split(separator: " ").first {
            mostDescriptors = soft == "unlimited" ? .infinity : Double(soft)
        }
    }
}
#endif
