import Seawall
import SeawallChaos

extension Scenario {
    /// Every operation that the faults are about, in order, where the venue serves none of them; nil where it can be
    /// struck, or nothing is to strike it.
    func unserved(by profile: VenueProfile) -> [BrokerOperation]? {
        let operations = kinds.reduce(into: Set<BrokerOperation>()) { $0.formUnion($1.operations) }
        if operations.isEmpty || operations.contains(where: profile.serves) { return nil }
        return operations.sorted { $0.rawValue < $1.rawValue }
    }

    /// Why the faults cannot strike the venue at all; nil where they can.
    func obstacle(at profile: VenueProfile) -> String? {
        unserved(by: profile).map { operations in
            "not put to the test at \(profile.name): no " + operations.map(\.rawValue).joined(separator: ", no ")
        }
    }
}
