package import SeawallBroker

/// An amend as the journal keeps it until it is proven what became of it.
package struct JournalledAmend: Hashable, Sendable {
    /// Names it over restarts.
    package var id: String

    /// What is asked for, under the names that were known when it was prepared.
    package var request: AmendRequest

    /// What it replaces, at a venue whose amends replace.
    package var leg: JournalledLeg?

    /// When it was prepared.
    package var moment: JournalMoment

    package init(id: String, request: AmendRequest, leg: JournalledLeg? = nil, moment: JournalMoment) {
        self.id = id
        self.request = request
        self.leg = leg
        self.moment = moment
    }
}
