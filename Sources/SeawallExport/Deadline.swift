internal import SeawallTime

/// Runs an operation that heeds cancellation, and cancels it where it takes too long.
///
/// - Throws: what the operation throws; `ExportError.Code.timedOut` where the time ran out first.
func within<Value: Sendable>(
    _ limit: Duration, of time: any TimeSource, _ operation: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    try await withThrowingTaskGroup(of: Value?.self) { group in
        group.addTask { try await operation() }
        group.addTask {
            try await time.sleep(for: limit)
            return nil
        }
        defer { group.cancelAll() }
        while let first = try await group.next() {
            guard let value = first else {
                throw ExportError(.timedOut, "no answer within \(limit), expected one by then")
            }
            return value
        }
        throw CancellationError()
    }
}
