/// When, within one operation of a disk, the power goes.
public enum DiskMoment: String, Sendable, Hashable, Codable, CaseIterable {
    /// Nothing of it has happened yet.
    case before
    /// A part of it has happened; of a replacement, nothing or everything.
    case during
    /// All of it has happened, and nobody was told.
    case after
}
