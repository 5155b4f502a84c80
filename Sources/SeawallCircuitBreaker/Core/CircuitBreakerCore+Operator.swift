internal import SeawallTime

/// What an operator, or a server by its hint, does to a breaker.
extension CircuitBreakerCore {
    /// Opens by hand; an operator's state stays, and a breaker that is open already stays open at least as long.
    mutating func forceOpen(until: MonotonicInstant?, detail: String?, now: MonotonicInstant) -> [Transition] {
        var transitions = advance(to: now)
        let longest = max(CircuitBreaker.longestForcedOpen, configuration.openDurationCap)
        let end = min(until ?? latest.advanced(by: configuration.openDuration), latest.advanced(by: longest))
        switch phase {
        case .isolated, .disabled: break
        case .open(let previous):
            if end > previous {
                phase = .open(until: end)
                self.detail = detail
            }
        case .closed, .halfOpen:
            // An end that has passed already leaves nothing to wait for.
            guard end > latest else { break }
            beginEpisode()
            transitions.append(enter(.open(until: end), at: latest, .forced, detail: detail))
        }
        return transitions
    }

    mutating func isolate(until: MonotonicInstant?, detail: String?, now: MonotonicInstant) -> [Transition] {
        var transitions = advance(to: now)
        shadowReason = nil
        // An end that has passed is over at once, and no state ends before it begins.
        let end = until.map { max($0, latest) }
        if case .isolated = phase {
            phase = .isolated(until: end)
            self.detail = detail
        } else {
            beginEpisode()
            transitions.append(enter(.isolated(until: end), at: latest, .isolated, detail: detail))
        }
        return transitions + advance(to: latest)
    }

    mutating func disable(detail: String?, now: MonotonicInstant) -> [Transition] {
        let transitions = advance(to: now)
        shadowReason = nil
        if phase == .disabled {
            self.detail = detail
            return transitions
        }
        beginEpisode()
        return transitions + [enter(.disabled, at: latest, .disabled, detail: detail)]
    }

    /// Goes on deciding and refuses nothing, or a share; from another operator's state it begins closed.
    mutating func shadow(detail: String, enforcing perMille: Int = 0, now: MonotonicInstant) -> [Transition] {
        var transitions = advance(to: now)
        if shadowReason == nil { shadowRefusals = 0 }
        shadowReason = detail
        shadowShare = min(max(perMille, 0), 1_000)
        shadowCredit = 0
        switch phase {
        case .closed, .open, .halfOpen: break
        case .isolated, .disabled: transitions.append(close(.released))
        }
        return transitions
    }

    /// Ends what an operator has set, and leaves the rest to evidence.
    mutating func release(now: MonotonicInstant) -> [Transition] {
        var transitions = advance(to: now)
        shadowReason = nil
        switch phase {
        case .closed, .open, .halfOpen: break
        case .isolated: transitions.append(enterHalfOpen(at: latest, .released))
        case .disabled: transitions.append(close(.released))
        }
        return transitions
    }

    /// Closes by hand and forgets everything, calls under way included.
    mutating func reset(_ reason: Transition.Reason = .reset, now: MonotonicInstant) -> [Transition] {
        let transitions = advance(to: now)
        shadowReason = nil
        growthSteps = 0
        guard phase == .closed else { return transitions + [close(reason)] }
        beginEra()
        ramp = nil
        history.clear()
        return transitions
    }

    /// What an operator has set, with ends as they stand; what only the configuration has switched off is none of it.
    var operatorSetting: (kind: CircuitBreaker.OperatorState.Kind, reason: String?, until: MonotonicInstant?)? {
        switch phase {
        case .isolated(let until): (.isolated, detail, until)
        case .disabled: detail.map { (.disabled, $0, nil) }
        case .closed, .open, .halfOpen: shadowReason.map { (.shadow, $0, nil) }
        }
    }
}
