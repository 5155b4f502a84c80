/// A handle on one series; the library's own are `Counter`, `Gauge`, `Histogram` and `StateSet`.
public protocol Instrument: AnyObject, Sendable {}
