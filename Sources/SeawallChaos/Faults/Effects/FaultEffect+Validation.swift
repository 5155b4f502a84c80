internal import SeawallBroker
internal import SeawallTime

extension FaultEffect {
    /// Notes every field of the effect that makes no sense.
    func check(_ problems: inout InvalidFields) {
        switch self {
        case .lostBefore(let loss), .lostAfter(let loss): problems.checkDuration(loss.wait, "effect.loss")
        case .outage(let duration, let form):
            problems.check(duration > .zero, "effect.duration", duration, "more than 0")
            problems.checkForm(form)
        case .clockStep(let step):
            let range = Duration.seconds(-366 * 86_400)...Duration.seconds(366 * 86_400)
            let isStep = step != .zero && range.contains(step)
            problems.check(isStep, "effect.duration", step, "-366 to 366 days, and not 0")
        case .secondProcess(let perMille, let duration):
            problems.checkPerMille(perMille)
            problems.checkDuration(duration, "effect.duration")
        case .fill(let perMille, _, let hold):
            problems.checkPerMille(perMille)
            problems.checkDuration(hold, "effect.duration")
        case .limitUsage(let perMille): problems.checkPerMille(perMille)
        case .widerSpread(let points):
            problems.check((1...10_000).contains(points), "effect.basisPoints", points, "1 to 10000")
        case .error(let error):
            guard let status = error.status else { return }
            problems.check((100...599).contains(status), "effect.error.status", status, "100 to 599")
        case .unreadable(let body, _):
            guard case .html(let status) = body else { return }
            problems.check((100...599).contains(status), "effect.body", status, "a status of 100 to 599")
        case .truncatedPage(let count, _): problems.check(count >= 0, "effect.count", count, "0 rows or more")
        case .failedPage(let page, let form):
            if let page { problems.check(page >= 1, "effect.page", page, "1 or more, or nil for all but the first") }
            problems.checkForm(form)
        case .hiddenOrder(let client, let duration, _):
            problems.check(client?.rawValue.isEmpty != true, "effect.client", "empty", "a client order id, or nil")
            problems.checkDuration(duration, "effect.duration")
        case .streamRepeat(let count), .streamGap(let count):
            problems.check((1...100_000).contains(count), "effect.count", count, "1 to 100000")
        case .streamMute(.symbol(let symbol), let duration):
            problems.check(!symbol.rawValue.isEmpty, "effect.channel", "empty", "a symbol")
            if let duration { problems.checkDuration(duration, "effect.duration") }
        case .streamFlap(let life):
            problems.check(life > .zero, "effect.duration", life, "more than 0")
            problems.checkDuration(life, "effect.duration")
        case .rateLimited(let retryAfter), .banned(let retryAfter): problems.checkRetryAfter(retryAfter)
        case .delay, .delayedReply, .reorder, .oldAnswer, .lateFills, .reorderedFills, .streamHang, .streamMute,
            .streamReplay, .machineSleep, .diskFailure, .venueMode, .authenticationExpiry:
            if let duration { problems.checkDuration(duration, "effect.duration") }
        case .duplicate, .errorInside, .halfAmend, .mixedBatch, .emptyOrders, .emptyList, .zeroPrices, .answer,
            .duplicateFills, .streamBreak, .streamReset, .crash:
            return
        }
    }
}

extension InvalidFields {
    mutating func checkDuration(_ duration: Duration, _ name: String) {
        check((.zero...Duration.seconds(366 * 86_400)).contains(duration), name, duration, "0 to 366 days")
    }

    fileprivate mutating func checkPerMille(_ value: Int) {
        check((1...1_000).contains(value), "effect.perMille", value, "1 to 1000")
    }

    fileprivate mutating func checkForm(_ form: FaultOutage) {
        guard case .status(let status) = form else { return }
        check((400...599).contains(status), "effect.form", status, "a status of 400 to 599")
    }

    fileprivate mutating func checkRetryAfter(_ retryAfter: FaultRetryAfter) {
        switch retryAfter {
        case .absent, .text: return
        case .date(let wait), .epochMilliseconds(let wait):
            let range = Duration.seconds(-366 * 86_400)...Duration.seconds(366 * 86_400)
            check(range.contains(wait), "effect.retryAfter", wait, "-366 to 366 days")
        }
    }
}
