internal import SeawallTime

/// All that stands around the values of one metric's series in one format, in one piece of memory, laid out beforehand.
///
/// To write it, one goes through rows of memory and atomics; no reference is counted and no label is escaped again.
final class TextPlan: @unchecked Sendable {
    // Unchecked only for the pointers, which are written once before anyone else sees them; the series hold the cells.
    struct Row {
        let start: Int
        let count: Int

        /// Where the value is read, for counters and gauges.
        let cell: UnsafeMutableRawPointer?
    }

    let descriptor: MetricDescriptor
    let format: MetricsTextFormat
    let series: [Series]
    let arena: UnsafeMutablePointer<UInt8>
    let rows: UnsafeMutablePointer<Row>
    let rowCount: Int

    /// What stands behind the last value.
    let tail: Row

    init(_ descriptor: MetricDescriptor, _ series: [Series], _ format: MetricsTextFormat) {
        self.descriptor = descriptor
        self.series = series
        self.format = format
        var layout = Layout()
        layout.appendHeader(descriptor, format)
        for series in series { layout.append(series, descriptor, format) }
        let tailStart = layout.start
        let bytes = layout.finish()
        tail = Row(start: tailStart, count: bytes.count - tailStart, cell: nil)
        arena = .allocate(capacity: max(1, bytes.count))
        arena.initialize(from: bytes, count: bytes.count)
        rowCount = layout.rows.count
        rows = .allocate(capacity: max(1, rowCount))
        rows.initialize(from: layout.rows, count: rowCount)
    }

    deinit {
        arena.deallocate()
        rows.deallocate()
    }

    /// Appends the metric's lines with the values of now.
    func write(into text: inout TextBuffer) {
        switch descriptor.kind {
        case .counter: writeCounters(into: &text)
        case .gauge: writeGauges(into: &text)
        case .histogram: writeHistograms(into: &text)
        case .stateSet: writeStates(into: &text)
        case .info: break
        }
        text.append(arena + tail.start, tail.count)
    }

    private func writeCounters(into text: inout TextBuffer) {
        let showsExemplars = format == .openMetrics
        for index in 0..<rowCount {
            let row = rows[index]
            guard let cell = row.cell?.assumingMemoryBound(to: CounterCell.self) else { continue }
            text.append(arena + row.start, row.count)
            let whole = cell.pointee.wholeValue
            let fraction = cell.pointee.fractionValue
            if fraction == 0 { text.append(whole) } else { text.append(Double(whole) + fraction) }
            if showsExemplars, cell.pointee.hasExemplar { writeExemplar(of: index, into: &text) }
            text.appendNewline()
        }
    }

    private func writeExemplar(of index: Int, into text: inout TextBuffer) {
        guard let counter = series[index].instrument as? Counter, let exemplar = counter.exemplar else { return }
        text.append(exemplar)
    }

    private func writeGauges(into text: inout TextBuffer) {
        for index in 0..<rowCount {
            let row = rows[index]
            guard let cell = row.cell?.assumingMemoryBound(to: GaugeCell.self) else { continue }
            text.append(arena + row.start, row.count)
            text.append(cell.pointee.value)
            text.appendNewline()
        }
    }

    private func writeHistograms(into text: inout TextBuffer) {
        var row = 0
        let showsSum = descriptor.showsSum(format)
        for series in series {
            guard let histogram = series.instrument as? Histogram else { continue }
            let content = histogram.content
            let exemplars = format == .openMetrics ? histogram.exemplars : [:]
            for (bucket, count) in content.cumulativeCounts.enumerated() {
                appendPrefix(&row, to: &text)
                text.append(count)
                if let exemplar = exemplars[bucket] { text.append(exemplar) }
                text.appendNewline()
            }
            if !showsSum { continue }
            appendPrefix(&row, to: &text)
            text.append(content.sum)
            text.appendNewline()
            appendPrefix(&row, to: &text)
            text.append(content.count)
            text.appendNewline()
        }
    }

    private func writeStates(into text: inout TextBuffer) {
        var row = 0
        for series in series {
            guard let states = series.instrument as? StateSet else { continue }
            let current = states.currentIndex
            for index in states.states.indices {
                appendPrefix(&row, to: &text)
                text.append(byte: UInt8(ascii: index == current ? "1" : "0"))
                text.appendNewline()
            }
        }
    }

    private func appendPrefix(_ row: inout Int, to text: inout TextBuffer) {
        text.append(arena + rows[row].start, rows[row].count)
        row += 1
    }
}
