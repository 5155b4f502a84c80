/// Measurements as an aligned table.
struct TextReport {
    private let measurements: [Measurement]
    private let rounds: Int

    init(_ measurements: [Measurement], rounds: Int) {
        self.measurements = measurements
        self.rounds = rounds
    }

    var text: String {
        let header = ["name", "threads", "ns", "ratio", "baseline", "allocations", "note"]
        let rows = [header] + measurements.map(cells)
        let widths = header.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        let lines = rows.map { row in line(row, widths) }
        let legend = "ns: wall time per operation as one thread sees it, median of \(rounds) rounds"
        return (lines + [legend]).joined(separator: "\n")
    }

    private func cells(_ measurement: Measurement) -> [String] {
        [
            measurement.name, "\(measurement.threads)", measurement.nanoseconds.fixed(1),
            measurement.ratio?.fixed(2) ?? "-", measurement.baseline ?? "-",
            measurement.allocations?.fixed(2) ?? "-", measurement.note,
        ]
    }

    /// Names to the left, numbers to the right, nothing behind the last column.
    private func line(_ row: [String], _ widths: [Int]) -> String {
        let numbers: Set = [1, 2, 3, 5]
        let cells = row.indices.map { column in
            let space = String(repeating: " ", count: widths[column] - row[column].count)
            if column == row.indices.last { return row[column] }
            return numbers.contains(column) ? space + row[column] : row[column] + space
        }
        var line = cells.joined(separator: "  ")
        while line.last == " " { line.removeLast() }
        return line
    }
}
