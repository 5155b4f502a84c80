#if canImport(Darwin)
internal import Darwin

extension ProcessReading {
    /// What the system says now.
    static func now() -> ProcessReading {
        var reading = ProcessReading()
        reading.readTask()
        reading.readUsage()
        reading.readThreads()
        reading.readStart()
        // One of them is the folder that is being read.
        reading.openDescriptors = SystemFile.entryCount("/dev/fd").map { Double(max(0, $0 - 1)) }
        var limit = rlimit()
        if getrlimit(RLIMIT_NOFILE, &limit) == 0 {
            reading.mostDescriptors = limit.rlim_cur >= rlim_t(Int64.max) ? .infinity : Double(limit.rlim_cur)
        }
        return reading
    }

    private mutating func readTask() {
        var info = mach_task_basic_info()
        var count = mach_msg_type_number_t(MemoryLayout<mach_task_basic_info>.size / MemoryLayout<natural_t>.size)
        let code = withUnsafeMutablePointer(to: &info) { info in
            info.withMemoryRebound(to: integer_t.self, capacity: Int(count)) { words in
                task_info(mach_task_self_, task_flavor_t(MACH_TASK_BASIC_INFO), words, &count)
            }
        }
        guard code == KERN_SUCCESS else { return }
        residentBytes = Double(info.resident_size)
        virtualBytes = Double(info.virtual_size)
    }

    private mutating func readUsage() {
        var usage = rusage()
        guard getrusage(RUSAGE_SELF, &usage) == 0 else { return }
        cpuSeconds =
            Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
            + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
    }

    private mutating func readThreads() {
        var list: thread_act_array_t?
        var count = mach_msg_type_number_t()
        guard task_threads(mach_task_self_, &list, &count) == KERN_SUCCESS else { return }
        threads = Double(count)
        guard let list else { return }
        for index in 0..<Int(count) { mach_port_deallocate(mach_task_self_, list[index]) }
        vm_deallocate(
            mach_task_self_, vm_address_t(UInt(bitPattern: list)),
            vm_size_t(Int(count) * MemoryLayout<thread_act_t>.stride))
    }

    private mutating func readStart() {
        var name: [Int32] = [CTL_KERN, KERN_PROC, KERN_PROC_PID, getpid()]
        var info = kinfo_proc()
        var size = MemoryLayout<kinfo_proc>.size
        guard sysctl(&name, UInt32(name.count), &info, &size, nil, 0) == 0, size > 0 else { return }
        let start = info.kp_proc.p_starttime
        startedAt = Double(start.tv_sec) + Double(start.tv_usec) / 1e6
    }
}
#endif
