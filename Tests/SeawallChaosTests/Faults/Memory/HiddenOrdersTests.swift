import Seawall
import Testing

@testable import SeawallChaos

@Suite struct HiddenOrdersTests {
    private func instant(_ seconds: Int) -> MonotonicInstant { .origin.advanced(by: .seconds(seconds)) }

    private func order(_ client: ClientOrderID) throws -> OrderRequest {
        var order = try OrderRequest.market(.buy, quantity: "1", of: "BTC")
        order.clientID = client
        return order
    }

    private func hides(_ hidden: HiddenOrders, _ client: ClientOrderID, at seconds: Int) -> Bool {
        var hidden = hidden
        return hidden.hides(client: client, venue: nil, at: instant(seconds))
    }

    /// Struck at each of its queries it would stay away for longer than a venue's profile says that it can.
    @Test func theNewestIsHiddenOnce() throws {
        var hidden = HiddenOrders()
        hidden.placing(try order("a"))
        hidden.hide(nil, until: instant(4), onStreams: false)
        hidden.hide(nil, until: instant(8), onStreams: false)
        #expect(hides(hidden, "a", at: 3))
        #expect(!hides(hidden, "a", at: 4))
        hidden.hide("a", until: instant(9), onStreams: false)
        #expect(hides(hidden, "a", at: 8), "whoever names it may hide it again")
        hidden.placing(try order("b"))
        hidden.hide(nil, until: instant(8), onStreams: false)
        #expect(hides(hidden, "b", at: 7))
    }
}
