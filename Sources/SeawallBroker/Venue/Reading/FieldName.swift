/// What the keys of an object stand for.
protocol FieldName: Hashable {
    init?(name: String)
}

extension String: FieldName {
    init?(name: String) { self = name }
}

extension BrokerOperation: FieldName {
    init?(name: String) { self.init(rawValue: name) }
}

extension RefusalReason: FieldName {
    init?(name: String) { self.init(rawValue: name) }
}
