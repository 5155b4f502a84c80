internal import SeawallBackoff
internal import SeawallTime

extension HTTPAnswer {
    /// Lets a success pass, refuses a redirect for good, and any other status as `judge` takes it.
    func requireSuccess(
        by time: any TimeSource, judge: (_ status: Int) -> (isFinal: Bool, failure: FailureClass)
    ) throws(ExportError) {
        if wasRedirected {
            throw ExportError(
                .refused, "the server redirects, expected an address that answers itself", status: status,
                isFinal: true, failure: .transient)
        }
        if (200...299).contains(status) { return }
        let (isFinal, failure) = judge(status)
        throw ExportError(
            .refused, "the server answered \(status), expected 200 to 299", status: status, isFinal: isFinal,
            failure: failure, retryAfter: retryInstant(by: time))
    }
}
