internal import SeawallTime

/// How full a journal is, and how much of what it was told is safe.
package struct JournalLoad: Hashable, Sendable {
    /// How many bytes are kept.
    package var size: Int

    /// From how many bytes on everything is written anew in its shortest form.
    package var bound: Int

    /// How many records were noted since it was opened.
    package var noted: UInt64

    /// How many of them are safe.
    package var safe: UInt64

    /// True while the last write failed or hangs, or the state could not be read.
    package var isFailing: Bool
}

extension Journal {
    /// How full it is now.
    package var load: JournalLoad {
        shell.withLock { storage in
            var load = storage.core.load
            if storage.trouble != nil { load.isFailing = true }
            return load
        }
    }
}
