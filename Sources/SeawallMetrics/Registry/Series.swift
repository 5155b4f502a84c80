internal import SeawallTime

/// One child of a metric.
final class Series: Sendable {
    /// The label values in the order of the sorted names.
    let values: [String]

    let instrument: any Instrument

    /// When it was made.
    let created: CivilInstant

    init(_ values: [String], _ instrument: any Instrument, created: CivilInstant) {
        self.values = values
        self.instrument = instrument
        self.created = created
    }

    /// The order of the output: by the bytes of the values.
    func precedes(_ values: [String]) -> Bool {
        for (mine, other) in zip(self.values, values) where mine.utf8.elementsEqual(other.utf8) == false {
            return mine.utf8.lexicographicallyPrecedes(other.utf8)
        }
        return false
    }
}
