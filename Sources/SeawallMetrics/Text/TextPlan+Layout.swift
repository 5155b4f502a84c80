extension TextPlan {
    /// The bytes around the values while they are laid out.
    ///
    /// A row begins where the one before it ended: what does not change, such as the time at which a series was made, is
    /// part of the row that follows.
    struct Layout: ~Copyable {
        private var text = TextBuffer()
        private(set) var rows: [Row] = []

        /// Where the next row begins.
        private(set) var start = 0

        mutating func finish() -> [UInt8] { text.take() }

        /// HELP, TYPE and UNIT.
        mutating func appendHeader(_ descriptor: MetricDescriptor, _ format: MetricsTextFormat) {
            let name = descriptor.familyName(format)
            text.append("# HELP " as StaticString)
            text.append(name)
            text.append(" " as StaticString)
            text.appendEscapedHelp(descriptor.help, format)
            text.append("\n# TYPE " as StaticString)
            text.append(name)
            text.append(" " as StaticString)
            text.append(descriptor.typeName(format))
            text.appendNewline()
            if format == .openMetrics, let unit = descriptor.unit {
                text.append("# UNIT " as StaticString)
                text.append(name)
                text.append(" " as StaticString)
                text.append(unit)
                text.appendNewline()
            }
        }

        mutating func append(_ series: Series, _ descriptor: MetricDescriptor, _ format: MetricsTextFormat) {
            let labels =
                Array(zip(descriptor.constantLabels.names, descriptor.constantLabels.values))
                + Array(zip(descriptor.labelNames, series.values))
            let name = descriptor.sampleName(format)
            switch descriptor.kind {
            case .counter:
                endRow(name, labels, (series.instrument as? Counter).map { UnsafeMutableRawPointer($0.cell) })
            case .gauge:
                endRow(name, labels, (series.instrument as? Gauge).map { UnsafeMutableRawPointer($0.cell) })
            case .histogram:
                for bound in (descriptor.buckets?.boundTexts(format) ?? []) + ["+Inf"] {
                    endRow(name + "_bucket", labels + [("le", bound)])
                }
                if descriptor.showsSum(format) {
                    endRow(name + "_sum", labels)
                    endRow(name + "_count", labels)
                }
            case .stateSet(let states, let label):
                for state in states { endRow(name, labels + [(label, state)]) }
            case .info:
                appendPrefix(name, labels)
                text.append("1\n" as StaticString)
            }
            guard format == .openMetrics, descriptor.hasCreationTime else { return }
            appendPrefix(descriptor.familyName(format) + "_created", labels)
            text.append(series.created)
            text.appendNewline()
        }

        private mutating func endRow(
            _ name: String, _ labels: [(String, String)], _ cell: UnsafeMutableRawPointer? = nil
        ) {
            appendPrefix(name, labels)
            rows.append(Row(start: start, count: text.count - start, cell: cell))
            start = text.count
        }

        private mutating func appendPrefix(_ name: String, _ labels: [(String, String)]) {
            text.append(name)
            text.append(labels)
            text.append(" " as StaticString)
        }
    }
}
