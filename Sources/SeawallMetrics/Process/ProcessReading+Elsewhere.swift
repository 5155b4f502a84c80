#if !os(Linux) && !canImport(Darwin)
extension ProcessReading {
    /// Nothing is known of this system.
    static func now() -> ProcessReading { ProcessReading() }
}
#endif
