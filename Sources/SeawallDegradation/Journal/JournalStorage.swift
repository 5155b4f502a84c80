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

    /// Moves what is kept out of the way, for people to look at; what follows is a `replace`.
    ///
    /// The default keeps nothing: the `replace` overwrites it.
    func setAside() throws

    /// True where calls may take long or never return: then they are made on a thread of their own.
    ///
    /// Default false: calls are made at once, by whoever needs them. A simulation needs that.
    var mayBlock: Bool { get }
}

extension JournalStorage {
    /// Keeps nothing aside.
    public func setAside() throws {}

    /// False: calls return soon.
    public var mayBlock: Bool { false }
}
