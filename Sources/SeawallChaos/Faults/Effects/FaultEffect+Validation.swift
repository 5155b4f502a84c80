internal import SeawallBroker
internal import SeawallTime

extension FaultEffect {
    /// Notes every field of the effect that makes no sense.
    func check(_ problems: inout InvalidFields) {
        let (kind, fields) = parts
        if let loss = fields.loss { problems.checkDuration(loss.wait, "effect.loss") }
        if let client = fields.client {
            problems.check(!client.rawValue.isEmpty, "effect.client", "empty", "a client order id, or nil")
        }
        if case .symbol(let symbol) = fields.channel {
            problems.check(!symbol.rawValue.isEmpty, "effect.channel", "empty", "a symbol")
        }
        if let page = fields.page {
            problems.check(page >= 1, "effect.page", page, "1 or more, or nil for all but the first")
        }
        if let count = fields.count {
            let least = kind == .truncatedPage ? 0 : 1
            problems.check((least...100_000).contains(count), "effect.count", count, "\(least) to 100000")
        }
        if let share = fields.perMille {
            problems.check((1...1_000).contains(share), "effect.perMille", share, "1 to 1000")
        }
        if let points = fields.basisPoints {
            problems.check((1...10_000).contains(points), "effect.basisPoints", points, "1 to 10000")
        }
        if let duration = fields.duration { check(duration, of: kind, &problems) }
        if case .status(let status) = fields.form {
            problems.check((400...599).contains(status), "effect.form", status, "a status of 400 to 599")
        }
        if let status = fields.error?.status {
            problems.check((100...599).contains(status), "effect.error.status", status, "100 to 599")
        }
        if case .html(let status) = fields.body {
            problems.check((100...599).contains(status), "effect.body", status, "a status of 100 to 599")
        }
        switch fields.retryAfter {
        case nil, .absent, .text: break
        case .date(let wait), .epochMilliseconds(let wait):
            problems.check(Self.year.contains(wait), "effect.retryAfter", wait, "-366 to 366 days")
        }
    }

    private func check(_ duration: Duration, of kind: Kind, _ problems: inout InvalidFields) {
        switch kind {
        case .clockStep:
            let isStep = duration != .zero && Self.year.contains(duration)
            problems.check(isStep, "effect.duration", duration, "-366 to 366 days, and not 0")
        case .outage, .streamFlap:
            let lasts = duration > .zero && Self.year.contains(duration)
            problems.check(lasts, "effect.duration", duration, "more than 0, to 366 days")
        default: problems.checkDuration(duration, "effect.duration")
        }
    }

    private static let year = Duration.seconds(-366 * 86_400)...Duration.seconds(366 * 86_400)
}

extension InvalidFields {
    mutating func checkDuration(_ duration: Duration, _ name: String) {
        check((.zero...Duration.seconds(366 * 86_400)).contains(duration), name, duration, "0 to 366 days")
    }
}
