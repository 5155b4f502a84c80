/// Measurements as a JSON array, one object a line.
struct JSONReport {
    private let measurements: [Measurement]

    init(_ measurements: [Measurement]) { self.measurements = measurements }

    var text: String {
        if measurements.isEmpty { return "[]" }
        return "[\n" + measurements.map { "  " + object($0) }.joined(separator: ",\n") + "\n]"
    }

    private func object(_ measurement: Measurement) -> String {
        let fields = [
            ("name", quoted(measurement.name)),
            ("threads", "\(measurement.threads)"),
            ("ns", measurement.nanoseconds.fixed(3)),
            ("baseline", measurement.baseline.map(quoted) ?? "null"),
            ("ratio", measurement.ratio?.fixed(3) ?? "null"),
            ("allocations", measurement.allocations?.fixed(2) ?? "null"),
            ("note", quoted(measurement.note)),
        ]
        return "{" + fields.map { "\"\($0.0)\": \($0.1)" }.joined(separator: ", ") + "}"
    }

    private func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case _ where scalar.value < 0x20: result += " "
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
