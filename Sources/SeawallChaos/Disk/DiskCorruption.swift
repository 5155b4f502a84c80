/// Harm done to a file behind everybody's back.
public enum DiskCorruption: Sendable, Hashable {
    /// Turns one bit over, counted from the first byte's lowest; beyond the end it begins again at the start.
    case flip(bit: Int)
    /// Cuts the file off after so many bytes.
    case cut(to: Int)
    /// Takes the file away: from now on reading says that it is gone.
    case delete
    /// Puts other bytes in the place of the file's.
    case rubbish([UInt8])
    /// Makes reading fail, until the file is written anew as a whole.
    case unreadable
}
