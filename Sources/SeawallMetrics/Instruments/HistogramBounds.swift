/// The bounds of a histogram in the unit in which it counts.
enum HistogramBounds: Hashable, Sendable {
    case nanoseconds([Int64])
    case numbers([Double])

    var count: Int {
        switch self {
        case .nanoseconds(let bounds): bounds.count
        case .numbers(let bounds): bounds.count
        }
    }

    var zeroSum: HistogramSum {
        switch self {
        case .nanoseconds: .nanoseconds(0)
        case .numbers: .number(0)
        }
    }

    var asDoubles: [Double] {
        switch self {
        case .nanoseconds(let bounds): bounds.map { Double($0) / 1e9 }
        case .numbers(let bounds): bounds
        }
    }

    var texts: [String] {
        switch self {
        case .nanoseconds(let bounds): bounds.map { bound in text { $0.append(nanoseconds: bound) } }
        case .numbers(let bounds): bounds.map { bound in text { $0.append(bound) } }
        }
    }

    /// The nearest whole nanoseconds, or an end of the range, which no bound may have.
    static func wholeNanoseconds(_ nanoseconds: Double) -> Int64 {
        Int64(exactly: nanoseconds.rounded()) ?? (nanoseconds < 0 ? .min : .max)
    }

    func isUsable(at index: Int) -> Bool {
        switch self {
        case .nanoseconds(let bounds): bounds[index] >= 0 && bounds[index] < .max
        case .numbers(let bounds): bounds[index].isFinite
        }
    }

    func rises(at index: Int) -> Bool {
        switch self {
        case .nanoseconds(let bounds): bounds[index] > bounds[index - 1]
        case .numbers(let bounds): !(bounds[index] <= bounds[index - 1])
        }
    }

    private func text(_ write: (inout TextBuffer) -> Void) -> String {
        var text = TextBuffer()
        write(&text)
        return text.string
    }
}
