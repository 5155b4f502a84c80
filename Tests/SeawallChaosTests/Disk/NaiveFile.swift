import SeawallDegradation

/// What a disk promises of one file, byte by byte, with nothing of how it keeps it.
struct NaiveFile {
    struct Cell {
        var value: UInt8
        var isSafe = false
        /// A sync failed over it, so that it may never be stored.
        var isDoubtful = false
    }

    private(set) var cells: [Cell]?

    /// What a process must read.
    var seen: [UInt8]? { cells.map { $0.map(\.value) } }

    mutating func append(_ bytes: [UInt8]) {
        cells = (cells ?? []) + bytes.map { Cell(value: $0) }
    }

    mutating func sync() {
        guard let count = cells?.count else { return }
        for index in 0..<count { cells?[index].isSafe = true }
    }

    mutating func failSync() {
        guard let cells else { return }
        for index in cells.indices where !cells[index].isSafe { self.cells?[index].isDoubtful = true }
    }

    mutating func replace(_ bytes: [UInt8]) {
        cells = bytes.map { Cell(value: $0, isSafe: true) }
    }

    /// True where a loss of power may have left this; after one, whatever is there is safe.
    func mayBecome(_ left: [UInt8]?) -> Bool {
        guard let cells else { return left == nil }
        let safe = cells.count { $0.isSafe }
        guard let left else { return safe == 0 }
        guard left.count >= safe, left.count <= cells.count else { return false }
        var isBlank = false
        for (cell, value) in zip(cells, left) {
            let isWhole = value == cell.value || (cell.isDoubtful && value == 0)
            if cell.isSafe {
                if !isWhole { return false }
            } else if !isWhole || isBlank {
                // Behind a tear there are zeros or nothing.
                isBlank = true
                if value != 0 { return false }
            }
        }
        return true
    }

    mutating func become(_ left: [UInt8]?) {
        cells = left.map { $0.map { Cell(value: $0, isSafe: true) } }
    }
}
