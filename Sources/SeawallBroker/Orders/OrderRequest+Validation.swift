public import SeawallTime

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

extension OrderRequest {
    /// Judges every field, without asking the venue.
    ///
    /// - Parameters:
    ///   - rules: The grid and the minimums of the symbol; nil leaves them out.
    ///   - profile: The venue, for what it has and the length of its ids; nil leaves that out.
    ///   - now: The venue's civil time, for an order's own end; nil leaves that out.
    /// - Throws: one `BrokerError` of code `invalidRequest`, not sent, whose message and cause (`InvalidFields`) list
    ///   every bad field, its value, and what was expected.
    public func validate(
        against rules: InstrumentRules? = nil, profile: VenueProfile? = nil, now: CivilInstant? = nil
    ) throws(BrokerError) {
        var problems = InvalidFields(subject: "order", fields: [])
        checkNames(profile, &problems)
        problems.checkSymbol(symbol, rules)
        rules?.checkGrid(&problems)
        checkQuantity(rules, profile, &problems)
        if let price = type.price { problems.checkPrice(price, "price", rules) }
        if let trigger = type.trigger { problems.checkPrice(trigger, "trigger", rules) }
        checkNotional(rules, &problems)
        checkTime(now, &problems)
        if let profile, group != nil {
            problems.check(
                profile.capabilities.contains(.linkedGroups), "group", group.map(\.rawValue) ?? "",
                "nil, since the venue lacks linked groups")
        }
        if !problems.fields.isEmpty { throw BrokerError(invalid: problems) }
    }

    private func checkNames(_ profile: VenueProfile?, _ problems: inout InvalidFields) {
        if let intent { problems.check(!intent.rawValue.isEmpty, "intent", "empty", "a name, or nil") }
        guard let clientID else { return }
        let text = clientID.rawValue
        let most = profile?.clientIDLength ?? .max
        let length = text.count
        problems.check(!text.isEmpty, "clientID", "empty", "a name, or nil")
        problems.check(length <= most, "clientID", "\(length) characters long", "at most \(most) characters")
        problems.check(text.isPlainID, "clientID", text.quoted, "letters, digits and . : / _ - of ASCII")
    }

    private func checkQuantity(_ rules: InstrumentRules?, _ profile: VenueProfile?, _ problems: inout InvalidFields) {
        let amount = quantity.amount
        problems.checkNumber(amount, "quantity")
        switch quantity {
        case .base:
            guard amount.isPositive, let rules else { return }
            if rules.lot.isPositive {
                let isOnGrid = rules.lotSteps(amount) != nil
                problems.check(isOnGrid, "quantity", amount.plainText, "a multiple of \(rules.lot.plainText)")
            }
            let least = rules.minimumQuantity
            problems.check(!least.isFinite || amount >= least, "quantity", amount.plainText, "at least \(least)")
        case .quote:
            problems.check(type == .market, "quantity", "in quote", "in base, unless the order is a market order")
            guard let profile else { return }
            let isTaken = profile.capabilities.contains(.quoteQuantity)
            problems.check(isTaken, "quantity", "in quote", "in base, since the venue takes no quote quantities")
        }
    }

    /// Orders that only reduce are exempt, and so is an order without a price, whose value nobody knows yet.
    private func checkNotional(_ rules: InstrumentRules?, _ problems: inout InvalidFields) {
        guard let least = rules?.minimumNotional, least.isFinite, !isReduceOnly else { return }
        guard quantity.amount.isPositive else { return }
        let value: Decimal
        switch quantity {
        case .quote(let amount): value = amount
        case .base(let amount):
            guard let price = type.price, price.isPositive else { return }
            guard let product = amount.product(with: price) else { return }
            value = product
        }
        problems.check(value >= least, "quantity times price", value.plainText, "at least \(least.plainText)")
    }

    private func checkTime(_ now: CivilInstant?, _ problems: inout InvalidFields) {
        if isPostOnly {
            let rests = type.price != nil
            problems.check(rests, "isPostOnly", "true for a \(type.name) order", "false, or an order with a price")
        }
        switch timeInForce {
        case .goodTillCancelled: break
        case .goodTillDate(let end):
            problems.check(type != .market, "timeInForce", "good till date", "another one for a market order")
            guard let now else { break }
            let value = "\(end.millisecondsSinceEpoch) ms"
            problems.check(end > now, "timeInForce", value, "later than now, \(now.millisecondsSinceEpoch) ms")
        case .immediateOrCancel, .fillOrKill:
            problems.check(!isPostOnly, "timeInForce", "at once or not at all", "one that rests, for a post-only order")
        }
        if let sendWithin { problems.check(sendWithin > .zero, "sendWithin", sendWithin, "more than 0") }
    }
}

extension AmendRequest {
    /// Judges every field, without asking the venue.
    ///
    /// - Throws: one `BrokerError` of code `invalidRequest`, not sent, whose message and cause (`InvalidFields`) list
    ///   every bad field, its value, and what was expected.
    public func validate(against rules: InstrumentRules? = nil) throws(BrokerError) {
        var problems = InvalidFields(subject: "amend", fields: [])
        problems.check(!target.description.isEmpty, "target", "empty", "an order's id")
        problems.checkSymbol(symbol, rules)
        rules?.checkGrid(&problems)
        let changes = quantity != nil || price != nil || trigger != nil
        problems.check(changes, "quantity, price and trigger", "nil", "at least one of them")
        if let quantity {
            problems.checkNumber(quantity, "quantity")
            if let rules, rules.lot.isPositive, quantity.isPositive {
                let isOnGrid = rules.lotSteps(quantity) != nil
                problems.check(isOnGrid, "quantity", quantity.plainText, "a multiple of \(rules.lot.plainText)")
            }
        }
        if let price { problems.checkPrice(price, "price", rules) }
        if let trigger { problems.checkPrice(trigger, "trigger", rules) }
        if !problems.fields.isEmpty { throw BrokerError(invalid: problems) }
    }
}

extension BrokerError {
    /// The error of a request that makes no sense and was not sent.
    package init(invalid fields: InvalidFields) {
        self.init(code: .invalidRequest, message: fields.description, delivery: .notSent, cause: fields)
    }
}

extension InvalidFields {
    fileprivate mutating func checkSymbol(_ symbol: Symbol, _ rules: InstrumentRules?) {
        check(!symbol.rawValue.isEmpty, "symbol", "empty", "a symbol of the venue")
        if let rules { check(rules.symbol == symbol, "symbol", symbol, "\(rules.symbol), whose rules were given") }
    }

    fileprivate mutating func checkNumber(_ number: Decimal, _ name: String) {
        check(number.isPositive, name, number.plainText, "more than 0")
        let isTooFar = number.isPositive && !number.isInReach
        check(!isTooFar, name, number.plainText, "less than 10^38, with at most 38 digits behind the point")
    }

    fileprivate mutating func checkPrice(_ price: Decimal, _ name: String, _ rules: InstrumentRules?) {
        checkNumber(price, name)
        guard let rules, rules.tick.isPositive, price.isPositive else { return }
        check(rules.tickSteps(price) != nil, name, price.plainText, "a multiple of \(rules.tick.plainText)")
    }
}

extension InstrumentRules {
    /// A grid that makes no sense lets nothing be checked against it.
    fileprivate func checkGrid(_ problems: inout InvalidFields) {
        problems.check(tick.isPositive, "rules.tick", tick.plainText, "more than 0")
        problems.check(lot.isPositive, "rules.lot", lot.plainText, "more than 0")
    }
}

extension String {
    /// What every venue takes in a client order id.
    fileprivate var isPlainID: Bool {
        utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
            default: ".:/_-".utf8.contains(byte)
            }
        }
    }
}
