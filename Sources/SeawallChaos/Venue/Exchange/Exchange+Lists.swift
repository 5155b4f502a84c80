internal import SeawallBroker
internal import SeawallTime

extension Exchange {
    func order(_ target: OrderTarget, symbol: Symbol) throws(Refusal) -> Order {
        let market = try index(of: symbol)
        guard let id = find(target, market: market), isVisible(id) else { throw .noSuchOrder }
        return orderValue(id)
    }

    /// A page of working orders, oldest first; the cursor is the number of the last order of the page before.
    func openOrders(_ symbol: Symbol?, page: PageCursor?) throws(Refusal) -> OrderPage {
        let after = try number(page?.rawValue) ?? 0
        let ids: [Int]
        if let symbol {
            ids = markets[try index(of: symbol)].working
        } else {
            ids = markets.flatMap(\.working).sorted()
        }
        let rest = ids.filter { $0 > after && isVisible($0) }
        let shown = rest.prefix(max(1, profile.pageSize))
        let next = shown.count < rest.count ? shown.last.map { PageCursor(String($0)) } : nil
        return OrderPage(orders: shown.map(orderValue), next: next)
    }

    /// A page of ended orders, the last ended first; the cursor says how many had ended before those of the page.
    func history(_ symbol: Symbol?, page: PageCursor?) throws(Refusal) -> OrderPage {
        let ids: [Int]
        if let symbol {
            ids = markets[try index(of: symbol)].ended
        } else {
            ids = ended
        }
        var position = min(try number(page?.rawValue) ?? ids.count, ids.count)
        var shown: [Order] = []
        while position > 0, shown.count < max(1, profile.pageSize) {
            position -= 1
            if isVisible(ids[position]) { shown.append(orderValue(ids[position])) }
        }
        return OrderPage(orders: shown, next: position > 0 ? PageCursor(String(position)) : nil)
    }

    /// Trades after a cursor, oldest first; the cursor is the number of the last trade that was looked at.
    func fills(since cursor: FillCursor?, symbol: Symbol?) throws(Refusal) -> FillPage {
        let after = min(try number(cursor?.rawValue) ?? 0, fills.count)
        let size = max(1, profile.pageSize)
        guard let symbol else {
            let end = min(fills.count, after + size)
            return FillPage(
                fills: (after..<end).map { fillValue($0 + 1) }, cursor: FillCursor(String(end)),
                hasMore: end < fills.count)
        }
        let numbers = markets[try index(of: symbol)].fills
        let begin = numbers.firstPosition { $0 > after }
        let end = min(numbers.count, begin + size)
        let hasMore = end < numbers.count
        let last = hasMore ? numbers[end - 1] : fills.count
        return FillPage(
            fills: numbers[begin..<end].map(fillValue), cursor: FillCursor(String(last)), hasMore: hasMore)
    }

    private func isVisible(_ id: Int) -> Bool { orders[id - 1].visibleAt <= clock }

    private func number(_ text: String?) throws(Refusal) -> Int? {
        guard let text else { return nil }
        guard let number = Int(text), number >= 0 else { throw .badCursor }
        return number
    }
}

extension Array {
    /// The position of the first element that passes, where all after it pass too; `count` where none does.
    fileprivate func firstPosition(where passes: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if passes(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
