import SeawallBroker
import SeawallTime
import Testing

@testable import SeawallDegradation

/// Lists and streams may begin anywhere: a fill of an order that was forgotten long ago must not count again.
@Suite struct ForgottenFillTests {
    private static func time(_ second: Int64) -> CivilInstant { CivilInstant(millisecondsSinceEpoch: second * 1_000) }

    /// A book that remembers two ended orders, after five that bought 10 each.
    private func book() -> ExposureBook {
        var book = ExposureBook(memory: 2)
        book.setPositions([:])
        for number in 1...5 {
            let target = OrderTarget.client(ClientOrderID("o\(number)"))
            let order = ExposureOrder(
                origin: OrderOrigin(symbol: "BTC"), symbol: "BTC", side: .buy, phase: .reserved, total: 10)
            _ = book.reserve(order, as: target)
            _ = book.handOver(target, under: .open, now: .origin)
            _ = fill(number, in: &book)
            _ = book.end(target, filled: 10)
        }
        return book
    }

    private func fill(_ number: Int, in book: inout ExposureBook) -> ExposureBook.Effect {
        book.apply(
            fill: FillID("f\(number)"), of: .client(ClientOrderID("o\(number)")), symbol: "BTC", side: .buy,
            quantity: 10,
            at: Self.time(Int64(number)))
    }

    @Test func theFillOfAForgottenOrderDoesNotMoveThePositionAgain() {
        var book = book()
        #expect(book.position(of: "BTC") == 50)
        for number in 1...5 {
            let effect = fill(number, in: &book)
            #expect(effect.moved == 0)
        }
        #expect(book.position(of: "BTC") == 50)
    }

    @Test func aStrangersNewFillStillMovesThePosition() {
        var book = book()
        let effect = fill(6, in: &book)
        #expect(effect.moved == 10)
        #expect(book.position(of: "BTC") == 60)
    }
}
