internal import SeawallTime

extension VenueProfile {
    /// True where the venue has what the operation needs.
    package func serves(_ operation: BrokerOperation) -> Bool {
        operation.isServed(with: capabilities)
    }

    func checkCapabilities(_ problems: inout InvalidFields) {
        for capability in capabilities.subtracting(BrokerCapability.all).sorted() {
            let names = BrokerCapability.all.map(\.rawValue).joined(separator: ", ")
            problems.check(false, "capabilities", capability.rawValue.quoted, "one of \(names)")
        }
        let has = capabilities.contains
        problems.check(
            !has(.previewAmend) || has(.amend), "capabilities", "preview_amend without amend", "both, or neither")
        problems.check(
            !amendReplaces || has(.amend), "amendReplaces", amendReplaces, "false, as amend is no capability")
        problems.check(modes.contains(.online), "modes", "no online", "online among them")
        problems.check(
            !has(.status) || modes.count > 1, "modes", "online alone", "another mode, as status is a capability")
        guard let deadMan else {
            problems.check(!has(.deadManTimer), "deadMan", "nil", "a rule, as dead_man_timer is a capability")
            return
        }
        problems.check(has(.deadManTimer), "deadMan", "a rule", "none, as dead_man_timer is no capability")
        check(deadMan.shortest, "deadMan.shortest", from: .milliseconds(1), &problems)
        check(deadMan.longest, "deadMan.longest", from: max(deadMan.shortest, .milliseconds(1)), &problems)
    }
}
