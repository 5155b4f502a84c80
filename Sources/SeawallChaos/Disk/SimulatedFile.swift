public import SeawallDegradation

/// A file of a simulated disk as one process holds it: once the process is dead, every call throws.
public struct SimulatedFile: JournalStorage {
    /// The file's name.
    public let name: String

    private let disk: SimulatedDisk
    private let generation: Int

    init(name: String, disk: SimulatedDisk, generation: Int) {
        self.name = name
        self.disk = disk
        self.generation = generation
    }

    /// Everything that is there; nil where nothing was ever kept here.
    ///
    /// - Throws: `DiskError` where the file cannot be read, or was deleted.
    public func read() throws -> [UInt8]? { try disk.perform(.read, on: name, by: generation) }

    /// Adds bytes at the end; they are safe only once `sync()` has returned.
    ///
    /// - Throws: `DiskError`; of a full disk, a part of the bytes may have been added.
    public func append(_ bytes: [UInt8]) throws { _ = try disk.perform(.append(bytes), on: name, by: generation) }

    /// Returns when everything that was added survives a loss of power.
    ///
    /// - Throws: `DiskError`; what was not safe then may never be, whatever a later call says.
    public func sync() throws { _ = try disk.perform(.sync, on: name, by: generation) }

    /// Puts bytes in the place of everything, all or nothing; they are safe when it returns.
    ///
    /// - Throws: `DiskError`; then the file is as it was, unless the power went.
    public func replace(with bytes: [UInt8]) throws {
        _ = try disk.perform(.replace(bytes), on: name, by: generation)
    }
}
