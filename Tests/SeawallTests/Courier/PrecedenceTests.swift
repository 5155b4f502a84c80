import Testing

@testable import Seawall

@Suite struct PrecedenceTests {
    @Test func aScopeIsHeldUntilTheLastCancelHasLeft() {
        let precedence = Precedence()
        let first = precedence.enter(["ip"])
        let second = precedence.enter(["ip", "account"])
        #expect(precedence.isHeld(for: ["account"]))
        second.leave()
        second.leave()
        #expect(precedence.isHeld(for: ["ip"]), "leaving twice does not let the first one go")
        #expect(!precedence.isHeld(for: ["account"]))
        first.leave()
        #expect(!precedence.isHeld(for: ["ip", "account"]))
    }
}
