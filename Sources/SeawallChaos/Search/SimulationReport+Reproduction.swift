internal import SeawallTime

extension SimulationReport {
    /// One line with all that is needed to see this run again: seed, schedule, length, faults, build, compiler, platform.
    public var reproduction: String {
        reproduction(faults: faults.actions.isEmpty ? nil : "faults \(faults.json)")
    }

    func reproduction(faults: String?) -> String {
        var parts = ["seed \(seed)", "\(configuration.scheduling.rawValue) schedule"]
        if configuration.yieldsPerMille > 0 { parts.append("\(configuration.yieldsPerMille) yields per mille") }
        if let length { parts.append("for \(length)") }
        if let healsAt = configuration.healsAt { parts.append("healing at \(healsAt)") }
        if let faults { parts.append(faults) }
        return (parts + [BuildIdentity.line]).joined(separator: ", ")
    }

    /// A test to paste that makes the run again and expects it to go well.
    ///
    /// It needs `import SeawallChaos` and `import Testing`; `body` is what it does in `world`.
    public func test(named name: String = "runAgain", body: String = "try await body(world)") -> String {
        let run = length.map { "run(for: \($0.source))" } ?? "run"
        return """
            // \(BuildIdentity.line)
            @Test func \(name)() throws {
                let faults = try FaultPlan(
                    json: #"\(faults.json)"#)
                let configuration = SimulationConfiguration(\(configuration.source))
                let simulation = try Simulation(seed: \(seed), configuration: configuration, faults: faults)
                let run = try simulation.\(run) { world in
                    \(body)
                }
                #expect(run.failures.isEmpty, "\\(run)")
            }
            """
    }
}

extension Duration {
    fileprivate var source: String {
        let nanoseconds = wholeNanoseconds
        return nanoseconds % 1_000_000_000 == 0
            ? ".seconds(\(nanoseconds / 1_000_000_000))" : ".nanoseconds(\(nanoseconds))"
    }
}

extension SimulationConfiguration {
    /// The arguments that make it, without those that have their default.
    fileprivate var source: String {
        let standard = SimulationConfiguration()
        var arguments: [String] = []
        func add(_ name: String, _ isStandard: Bool, _ value: String) {
            if !isStandard { arguments.append("\(name): \(value)") }
        }
        add("scheduling", scheduling == standard.scheduling, scheduling.source)
        add("stepLimit", stepLimit == standard.stepLimit, "\(stepLimit)")
        add(
            "stepsPerInstantLimit", stepsPerInstantLimit == standard.stepsPerInstantLimit, "\(stepsPerInstantLimit)")
        add("timeLimit", timeLimit == nil, timeLimit?.source ?? "nil")
        add("shutdownStepLimit", shutdownStepLimit == standard.shutdownStepLimit, "\(shutdownStepLimit)")
        add("stallGrace", stallGrace == standard.stallGrace, stallGrace.source)
        add(
            "civilStart", civilStart == standard.civilStart,
            "CivilInstant(nanosecondsSinceEpoch: \(civilStart.nanosecondsSinceEpoch))")
        add("yieldsPerMille", yieldsPerMille == standard.yieldsPerMille, "\(yieldsPerMille)")
        add("usesRuntimeHook", usesRuntimeHook == standard.usesRuntimeHook, "\(usesRuntimeHook)")
        add("healsAt", healsAt == nil, healsAt?.source ?? "nil")
        return arguments.joined(separator: ", ")
    }
}

extension SimulationScheduling {
    fileprivate var source: String {
        switch self {
        case .random: ".random"
        case .fifo: ".fifo"
        case .pct(let depth, let steps): ".pct(depth: \(depth), steps: \(steps))"
        }
    }
}
