/// Fills since a cursor, and the cursor to go on from.
public struct FillPage: Hashable, Codable, Sendable {
    /// The fills, oldest first.
    public var fills: [Fill]

    /// Up to where they reach; hand it to the next call.
    public var cursor: FillCursor?

    /// True where more fills wait behind the cursor.
    public var hasMore: Bool

    /// Makes a page.
    public init(fills: [Fill], cursor: FillCursor?, hasMore: Bool = false) {
        self.fills = fills
        self.cursor = cursor
        self.hasMore = hasMore
    }
}
