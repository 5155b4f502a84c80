extension VenueProfile {
    /// Every profile that the library brings, in order of names.
    public static let all: [VenueProfile] = [binanceSpot, binanceUSDM, coinbaseAdvanced, kraken]

    /// The profile of that name, or nil where the library brings none.
    public static func named(_ name: String) -> VenueProfile? {
        all.first { $0.name == name }
    }
}
