internal import SeawallBroker

/// Which page of a list a cursor stands for, learnt from the answers that gave the cursors.
struct PageNumbers: Sendable {
    private struct Key: Hashable {
        var operation: BrokerOperation
        var symbol: Symbol?
        var cursor: PageCursor
    }

    private var numbers: [Key: Int] = [:]

    /// The number of the page that a call asks for, from 1; a cursor that no answer gave counts as that of page 2.
    func number(of request: FaultedCall) -> Int {
        guard let cursor = request.page else { return 1 }
        return numbers[Key(operation: request.call.operation, symbol: request.call.symbol, cursor: cursor)] ?? 2
    }

    /// Learns the cursor of the page behind.
    mutating func learn(_ page: OrderPage, of request: FaultedCall) {
        guard let next = page.next else { return }
        let key = Key(operation: request.call.operation, symbol: request.call.symbol, cursor: next)
        numbers[key] = number(of: request) + 1
    }
}
