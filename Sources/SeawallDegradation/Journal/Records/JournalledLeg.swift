package import SeawallBroker

#if canImport(FoundationEssentials)
package import FoundationEssentials
#else
package import Foundation
#endif

/// The order at the venue that an amend was to replace, as it was known when the amend was prepared.
///
/// The cancel may be the half of the amend that failed: then it works on beside the one that was made.
package struct JournalledLeg: Hashable, Sendable {
    /// The venue's name of it.
    package var venueID: VenueOrderID

    /// The most that it may fill in all, in base.
    package var quantity: Decimal

    /// At least so much of it was filled.
    package var filled: Decimal

    /// Every name that the venue had for the order before this one; nil where they are not all known, or too many.
    package var former: [VenueOrderID]?

    package init(venueID: VenueOrderID, quantity: Decimal, filled: Decimal, former: [VenueOrderID]? = nil) {
        self.venueID = venueID
        self.quantity = quantity
        self.filled = filled
        self.former = former
    }
}
