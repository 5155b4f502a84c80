internal import SeawallTime

/// What a breaker is doing, in one word that can be read without its lock: the era, and what may be decided from it alone.
@usableFromInline
struct HotWord: Hashable, Sendable {
    /// What may be decided without the core.
    @usableFromInline
    struct Flags: OptionSet, Sendable {
        @usableFromInline let rawValue: UInt64

        @inlinable init(rawValue: UInt64) { self.rawValue = rawValue }

        /// Every call is admitted.
        @inlinable static var admits: Flags { Flags(rawValue: 1) }

        /// A quick success changes nothing.
        @inlinable static var skipsSuccess: Flags { Flags(rawValue: 2) }

        /// A quick success is counted in the stripes, until the end of the slice where there is one.
        @inlinable static var stripesSuccess: Flags { Flags(rawValue: 4) }

        /// Every call is refused until the published end.
        @inlinable static var refuses: Flags { Flags(rawValue: 8) }

        /// The start of a call must be noted.
        @inlinable static var measures: Flags { Flags(rawValue: 16) }
    }

    /// The flags in the low byte, and the era above.
    @usableFromInline var rawValue: UInt64

    @inlinable
    init(rawValue: UInt64) { self.rawValue = rawValue }

    init(era: UInt64, flags: Flags) { rawValue = era << 8 | flags.rawValue }

    @inlinable var era: UInt64 { rawValue >> 8 }

    /// The last era that fits into a word.
    static let lastEra: UInt64 = .max >> 8

    @inlinable
    func has(_ flags: Flags) -> Bool { rawValue & flags.rawValue != 0 }
}

extension CircuitBreakerCore {
    /// The end of the open state; nil in any other.
    @inline(__always)
    var openEnd: Int64? {
        if case .open(let until) = phase { until.nanoseconds } else { nil }
    }

    // Inlined, for to a getter that is called the whole core would be handed as a copy; so with what it asks the history.
    /// The word to publish for the present state.
    @inline(__always)
    var hotWord: HotWord {
        var flags: HotWord.Flags = history.slowLimit == nil ? [] : [.measures]
        switch phase {
        case .closed:
            if ramp == nil { flags.insert(.admits) }
            if history.isUnmovedBySuccess { flags.insert(.skipsSuccess) }
            if history.stripesEnd != nil { flags.insert(.stripesSuccess) }
        case .open:
            // Words cannot be read without the lock, and a shadow admits.
            if shadowReason == nil, detail == nil { flags.insert(.refuses) }
        case .disabled:
            flags = [.admits, .skipsSuccess]
        case .halfOpen, .isolated:
            break
        }
        return HotWord(era: era, flags: flags)
    }
}
