/// How much of each of the first four buckets of a call had been settled when it was granted, in the order of its tolls.
struct Marks: Hashable, Sendable {
    static let most = 4

    var first = 0
    var second = 0
    var third = 0
    var fourth = 0

    subscript(position: Int) -> Int {
        get {
            switch position {
            case 0: first
            case 1: second
            case 2: third
            default: fourth
            }
        }
        set {
            switch position {
            case 0: first = newValue
            case 1: second = newValue
            case 2: third = newValue
            default: fourth = newValue
            }
        }
    }
}
