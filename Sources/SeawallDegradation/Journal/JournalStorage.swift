/// Where the bytes of a journal are kept: a file, or a simulated disk.
///
/// Calls come one at a time, from one journal. A call that throws may have done a part of its work or none.
public protocol JournalStorage: Sendable {
    /// Everything that is there; nil where nothing was ever kept here.
    ///
    /// - Throws: What makes it unreadable; also where something was kept and is gone.
    func read() throws -> [UInt8]?

    /// Adds bytes at the end; they are safe only once `sync()` has returned.
    func append(_ bytes: [UInt8]) throws

    /// Returns when everything that was added survives a crash.
    func sync() throws

    /// Puts bytes in the place of everything, all or nothing; they are safe when it returns.
    func replace(with bytes: [UInt8]) throws
}
