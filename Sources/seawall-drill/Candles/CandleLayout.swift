/// Which field of a line holds which column.
struct CandleLayout: Equatable, Sendable {
    /// The columns that a candle needs.
    enum Column: String, CaseIterable, Sendable {
        case openTime = "open_time"
        case open, high, low, close, volume
    }

    /// The place of each column, in the order of `Column.allCases`.
    let places: [Int]

    /// How many fields each line has.
    let fieldCount: Int

    /// True where the first line names the columns.
    let hasHeader: Bool

    /// The fewest columns that a Binance kline without a header has: up to the close time.
    private static let klineColumns = 7

    /// Reads the layout off the first line.
    ///
    /// - Throws: `BadInput` naming the first column that is missing or named twice.
    init(firstLine fields: [String], at place: String) throws(BadInput) {
        let names = Column.allCases.map(\.rawValue)
        fieldCount = fields.count
        if let first = fields.first, fields.count >= Self.klineColumns, Self.isNumber(first) {
            places = Array(names.indices)
            hasHeader = false
            return
        }
        hasHeader = true
        var places: [Int] = []
        for name in names {
            let found = fields.indices.filter { fields[$0] == name }
            guard let index = found.first else {
                throw BadInput(
                    "\(place): header is \(BadInput.quoted(fields.joined(separator: ","))) without column \(name), "
                        + "expected the columns \(names.joined(separator: ","))")
            }
            guard found.count == 1 else {
                throw BadInput("\(place): header has column \(name) \(found.count) times, expected it once")
            }
            places.append(index)
        }
        self.places = places
    }

    private static func isNumber(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
}
