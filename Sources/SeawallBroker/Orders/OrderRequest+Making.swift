internal import SeawallTime

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

extension OrderRequest {
    /// A limit order, its numbers as text: `.limit(.buy, quantity: "0.01", of: "BTCUSDT", at: "65000")`.
    ///
    /// - Throws: one `BrokerError` of code `invalidRequest` that names every text that is no number above zero.
    public static func limit(
        _ side: Side, quantity: String, of symbol: Symbol, at price: String, intent: IntentID? = nil
    ) throws(BrokerError) -> OrderRequest {
        let (amount, price) = try numbers(quantity, ("price", price))
        return OrderRequest(
            intent: intent, symbol: symbol, side: side, quantity: .base(amount), type: .limit(price: price))
    }

    /// A market order, its quantity as text.
    ///
    /// - Throws: a `BrokerError` of code `invalidRequest` where the text is no number above zero.
    public static func market(
        _ side: Side, quantity: String, of symbol: Symbol, intent: IntentID? = nil
    ) throws(BrokerError) -> OrderRequest {
        let (amount, _) = try numbers(quantity, nil)
        return OrderRequest(intent: intent, symbol: symbol, side: side, quantity: .base(amount), type: .market)
    }

    /// A stop order, its numbers as text: a market order as soon as the price has reached the trigger.
    ///
    /// - Throws: one `BrokerError` of code `invalidRequest` that names every text that is no number above zero.
    public static func stop(
        _ side: Side, quantity: String, of symbol: Symbol, trigger: String, intent: IntentID? = nil
    ) throws(BrokerError) -> OrderRequest {
        let (amount, trigger) = try numbers(quantity, ("trigger", trigger))
        return OrderRequest(
            intent: intent, symbol: symbol, side: side, quantity: .base(amount), type: .stop(trigger: trigger))
    }

    private static func numbers(
        _ quantity: String, _ second: (name: String, text: String)?
    ) throws(BrokerError) -> (Decimal, Decimal) {
        var problems = InvalidFields(subject: "order", fields: [])
        let amount = problems.positive("quantity", quantity)
        let other = second.map { problems.positive($0.name, $0.text) } ?? 0
        if !problems.fields.isEmpty { throw BrokerError(invalid: problems) }
        return (amount, other)
    }
}

extension InvalidFields {
    /// The number in a text; where it is none above zero, that is noted and the number is 0.
    fileprivate mutating func positive(_ name: String, _ text: String) -> Decimal {
        let number = Decimal(strict: text)
        check(number?.isPositive == true, name, text.quoted, "a number above 0 in plain digits, at most 38 of them")
        return number ?? 0
    }
}
