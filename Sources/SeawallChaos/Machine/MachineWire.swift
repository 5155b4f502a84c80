internal import SeawallBroker
internal import SeawallTime

/// The way from a process to a broker that is not part of it.
///
/// Each request is made by a task of the world's, so that it lives on when the process dies. Its answer is handed to the
/// process if it still lives, on its own executor; where the machine sleeps, once it has woken.
struct MachineWire: Broker {
    let base: any Broker
    let fence: MachineFence
    let spawner: TaskSpawner
    /// The clock that requests are signed by.
    let time: any TimeSource

    var capabilities: Set<BrokerCapability> { base.capabilities }

    /// Makes a request on behalf of the process.
    func carry<Answer: Sendable>(
        _ make: @escaping @Sendable (any Broker) async throws -> Answer
    ) async throws -> Answer {
        try fence.check()
        let parcel = WireParcel<Answer>()
        let context = RequestContext.current
        let proxy = context.map { context in
            RequestContext(
                origin: context.origin, lane: context.lane, isProbe: context.isProbe, sentAt: context.sentAt,
                deadline: context.deadline, venueTime: context.venueTime, onHeaders: { parcel.note(headers: $0) })
        }
        if let proxy { context?.onGivenUp { proxy.giveUp() } }
        let signedAt = context?.venueTime ?? time.civilNow
        let request = spawner.spawn { [base] in
            await RequestContext.$current.withValue(proxy) {
                await VenueRequest.$signedAt.withValue(signedAt) {
                    do { parcel.arrive(.success(try await make(base))) } catch { parcel.arrive(.failure(error)) }
                }
            }
        }
        let answer = await withTaskCancellationHandler {
            await parcel.wait()
        } onCancel: {
            // A process that lives takes its request back as far as it can; a dead one does nothing any more.
            if fence.isDown { parcel.arrive(.failure(CancellationError())) } else { request.cancel() }
        }
        try fence.check()
        if let headers = parcel.headers { context?.report(headers: headers) }
        return try answer.get()
    }
}
