internal import Seawall

/// Reads what a venue's refusal says to anybody: what it proves, of which scope it speaks, and until when.
///
/// It knows the venue by the words in which its profile lets it refuse, and shares no function with the library's own
/// reading of the profile's error table.
struct AnswerReader: Sendable {
    /// What an error says.
    struct Reading: Sendable {
        var outcome: String
        var scope: LimitScope?
        var until: MonotonicInstant?
    }

    private struct Spoken: Sendable {
        var reason: RefusalReason
        var values: [String: String]
    }

    let profile: VenueProfile

    /// The civil time at instant zero, on the venue's clock.
    let civilAtZero: CivilInstant

    /// Reads an error that came back now; `machineNow` is what the machine's own civil clock says.
    func read(
        _ error: BrokerError, to operation: BrokerOperation, symbol: Symbol?, now: MonotonicInstant,
        machineNow: CivilInstant
    ) -> Reading {
        guard error.delivery == .answered else {
            return Reading(outcome: error.delivery == .notSent ? "not_sent" : "ambiguous")
        }
        let spoken = spoken(error, operation)
        var reading = Reading(outcome: spoken.flatMap { word(for: $0.reason, operation) } ?? error.provenOutcome)
        let isLimit = reading.outcome == "rate_limited" || reading.outcome == "banned"
        guard isLimit else { return reading }
        reading.scope = scope(error, operation, spoken?.reason)?.narrowed(to: symbol) ?? .ip
        let said = [error.retryAfter, spoken?.values["until_ms"], spoken?.values["seconds"]].compactMap { $0 }
        reading.until = said.compactMap { until($0, now: now, machineNow: machineNow) }.max()
        return reading
    }

    /// The reason in whose words the venue spoke: the one whose template fits, else the only one of its status and code.
    private func spoken(_ error: BrokerError, _ operation: BrokerOperation) -> Spoken? {
        for wordings in [profile.operationWordings[operation] ?? [:], profile.wordings] {
            let known = wordings.filter { $0.value.status == error.status && $0.value.code == error.venueCode }
                .sorted { $0.key < $1.key }
            for (reason, wording) in known {
                if let values = Template(wording.message).values(in: error.message) {
                    return Spoken(reason: reason, values: values)
                }
            }
            if let only = known.first, error.venueCode != nil,
                Set(known.map { word(for: $0.key, operation) }).count == 1
            {
                return Spoken(reason: only.key, values: [:])
            }
        }
        return nil
    }

    /// The word of the log for what a reason means.
    private func word(for reason: RefusalReason, _ operation: BrokerOperation) -> String? {
        switch profile.meaning(of: reason, to: operation) {
        case .rejected, .venueMode, .authentication, .sessionExpired: "rejected"
        case .rateLimited: "rate_limited"
        case .banned: "banned"
        case .reduceCapacity: "reduce_capacity"
        case .noSuchOrder: "no_such_order"
        case .duplicate: "duplicate"
        case .clockSkew: "clock_skew"
        case .overloaded: "overloaded"
        case .ambiguous, .partial: "ambiguous"
        case nil: nil
        }
    }

    /// By the table's first line for such an error, else by what the reason counts.
    private func scope(_ error: BrokerError, _ operation: BrokerOperation, _ reason: RefusalReason?) -> LimitScope? {
        let line = profile.errors.first { rule in
            (rule.status == nil || rule.status == error.status) && (rule.code == nil || rule.code == error.venueCode)
                && (rule.operations?.contains(operation) ?? true)
                && (rule.contains.map { says($0, error, hasCode: rule.code != nil) } ?? true)
        }
        if let scope = line?.scope { return scope }
        guard reason == .orderRateLimited else { return nil }
        return profile.limits.first { $0.counts == .order }?.scope
    }

    private func says(_ part: String, _ error: BrokerError, hasCode: Bool) -> Bool {
        let part = part.lowercased()
        if let body = error.body?.lowercased(), body.contains(part) { return true }
        return hasCode && error.message.lowercased().contains(part)
    }

    /// The end of a wait: so many seconds from now, or a point of civil time.
    ///
    /// Where the machine's clock is not the venue's, nobody can be held to the later of the two.
    private func until(_ text: String, now: MonotonicInstant, machineNow: CivilInstant) -> MonotonicInstant? {
        let point: CivilInstant
        if let number = Int64(text) {
            guard number >= 0 else { return nil }
            if number < 100_000_000_000 { return now.advanced(by: .seconds(number)) }
            point = CivilInstant(millisecondsSinceEpoch: number)
        } else if let date = CivilInstant(answerDate: text) {
            point = date
        } else {
            return nil
        }
        let venueNow = civilAtZero.advanced(by: MonotonicInstant.origin.duration(to: now))
        let wait = min(venueNow.duration(to: point), machineNow.duration(to: point))
        return now.advanced(by: max(.zero, wait))
    }
}

/// A text with `{name}` in it, in which whatever stands there is found again.
private struct Template {
    private var literals: [String] = []
    private var names: [String] = []

    init(_ text: String) {
        var rest = text[...]
        var literal = ""
        while let open = rest.firstIndex(of: "{") {
            literal += rest[..<open]
            rest = rest[open...]
            let name = rest.firstIndex(of: "}").map { String(rest[rest.index(after: open)..<$0]) }
            if let name, ["code", "message", "until_ms", "seconds"].contains(name) {
                literals.append(literal)
                literal = ""
                names.append(name)
                rest = rest.dropFirst(name.count + 2)
            } else {
                literal += "{"
                rest = rest.dropFirst()
            }
        }
        literals.append(literal + rest)
    }

    /// What stands in the places of the names; nil where the text is another.
    func values(in text: String) -> [String: String]? {
        guard text.hasPrefix(literals[0]) else { return nil }
        var rest = text.dropFirst(literals[0].count)
        var values: [String: String] = [:]
        for (name, literal) in zip(names, literals.dropFirst()) {
            let end = literal.isEmpty ? rest.endIndex : rest.firstRange(of: literal)?.lowerBound
            guard let end else { return nil }
            values[name] = String(rest[..<end])
            rest = rest[end...].dropFirst(literal.count)
        }
        return rest.isEmpty ? values : nil
    }
}

extension CivilInstant {
    /// Reads a date of HTTP in the form that servers have to write, such as `Sun, 06 Nov 1994 08:49:37 GMT`.
    init?(answerDate text: String) {
        let parts = text.split(whereSeparator: { $0 == " " || $0 == ":" || $0 == "," })
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard parts.count == 8, parts[7] == "GMT", let day = Int64(parts[1]),
            let month = months.firstIndex(of: String(parts[2])), let year = Int64(parts[3]),
            (1_970...9_999).contains(year),
            (1...31).contains(day), let hour = Int64(parts[4]), let minute = Int64(parts[5]),
            let second = Int64(parts[6]), (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second)
        else { return nil }
        // A year begins in March, so that the day that some years have more stands at its end.
        let march = (Int64(month) + 10) % 12
        let years = month < 2 ? year - 1 : year
        let days = years * 365 + years / 4 - years / 100 + years / 400 + (march * 306 + 5) / 10 + day - 1 - 719_468
        self.init(millisecondsSinceEpoch: (((days * 24 + hour) * 60 + minute) * 60 + second) * 1_000)
    }
}
