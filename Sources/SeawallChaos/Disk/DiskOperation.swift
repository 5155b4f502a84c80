/// What a process asks of a file.
enum DiskOperation: Sendable {
    case read
    case append([UInt8])
    case sync
    case replace([UInt8])

    var word: DiskRecord.Operation {
        switch self {
        case .read: .read
        case .append: .append
        case .sync: .sync
        case .replace: .replace
        }
    }

    /// What is to be written.
    var bytes: [UInt8]? {
        switch self {
        case .append(let bytes), .replace(let bytes): bytes
        case .read, .sync: nil
        }
    }
}
