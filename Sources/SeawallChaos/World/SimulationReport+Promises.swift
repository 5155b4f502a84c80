extension SimulationReport {
    /// What the run says of each promise; empty where nothing was recorded.
    public var findings: [Promise: Finding] { attachments.value(RunBook.self)?.judge.findings ?? [:] }

    /// Every time that a promise was broken, in the order of the promises.
    public var brokenPromises: [String] {
        findings.sorted { $0.key < $1.key }.flatMap { promise, finding in
            finding.broken.map { "\(promise.rawValue) \($0)" }
        }
    }

    /// What happened in the run, counted from its record.
    public var counts: RunCounts { attachments.value(RunBook.self)?.judge.counts ?? RunCounts() }

    /// The hash of the record, equal for equal seeds and builds; nil where nothing was recorded.
    public var recordHash: UInt64? { attachments.value(RunBook.self)?.log.hash }
}
