/// Watches the record of a run for one promise, trusting nothing but what the harness and the venue wrote.
public protocol PromiseCheck: Sendable {
    /// The promise that it watches.
    var promise: Promise { get }

    /// What it has found so far.
    var finding: Finding { get }

    /// Takes the next record.
    mutating func observe(_ record: RunRecord)
}
