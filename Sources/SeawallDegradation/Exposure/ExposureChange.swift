#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// What news of an order did to a position.
public struct ExposureChange: Hashable, Sendable {
    /// By how much the position moved, signed, in base; zero for what was known already.
    public var moved: Decimal

    /// The signed position after it, in base; nil where it is not known.
    public var position: Decimal?

    /// How much of the order is filled so far, in base; nil where the order is not known.
    public var filled: Decimal?

    /// True where the order was none that the gate had counted.
    public var isStranger: Bool

    init(_ effect: ExposureBook.Effect, position: Int128?) {
        moved = Decimal(steps: effect.moved)
        self.position = position.map { Decimal(steps: $0) }
        filled = effect.filled.map { Decimal(steps: $0) }
        isStranger = effect.isStranger
    }
}
