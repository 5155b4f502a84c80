#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// How much of an asset the account holds.
public struct Balance: Hashable, Codable, Sendable {
    /// The asset.
    public var asset: Asset

    /// What may be spent.
    public var free: Decimal

    /// What working orders hold back.
    public var locked: Decimal

    /// Makes a balance.
    public init(asset: Asset, free: Decimal, locked: Decimal = 0) {
        self.asset = asset
        self.free = free
        self.locked = locked
    }
}
