/// Asks once in a process whether equal sets iterate alike.
enum HashingOrder {
    static let isDeterministic: Bool = {
        // All alive at once: what decides the order is where in memory a set lies.
        let sets = (0..<8).map { _ in Set(0..<64) }
        let orders = sets.map { Array($0) }
        return orders.allSatisfy { $0 == orders.first }
    }()
}
