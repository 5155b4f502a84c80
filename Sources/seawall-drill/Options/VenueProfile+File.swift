import Seawall

extension VenueProfile {
    /// The profile of that name, or the one that a JSON file holds, judged.
    ///
    /// - Throws: `BadInput` for a name that there is not, and for a file that holds no profile or a wrong one, with
    ///   everything that is wrong with it on one line.
    init(drill name: String) throws(BadInput) {
        if let known = VenueProfile.named(name) {
            self = known
            return
        }
        guard name.hasSuffix(".json") else {
            let names = VenueProfile.all.map(\.name).joined(separator: ", ")
            throw BadInput(
                "--venue is \(BadInput.quoted(name)), expected the path of a .json file or one of \(names)")
        }
        self = try FileInput.json(VenueProfile.self, of: name, expected: "a venue's profile") { try $0.validate() }
    }
}
