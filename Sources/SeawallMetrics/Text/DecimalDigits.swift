/// Decimal digits of whole numbers, written straight into memory.
enum DecimalDigits {
    /// The powers of ten that fit a word.
    static let powers: [UInt64] = (0..<20).map { exponent in (0..<exponent).reduce(1) { power, _ in power &* 10 } }

    /// Writes the digits; returns how many, at most 20.
    @inline(__always)
    static func write(_ number: UInt64, at start: UnsafeMutablePointer<UInt8>) -> Int {
        if number < 10 {
            start[0] = UInt8(truncatingIfNeeded: number) &+ 48
            return 1
        }
        return write(number, padded: count(number), at: start)
    }

    /// Writes the digits behind as many zeros as it takes; returns how many it wrote.
    @inline(__always)
    static func write(_ number: UInt64, padded digits: Int, at start: UnsafeMutablePointer<UInt8>) -> Int {
        let digits = max(digits, count(number))
        var rest = number
        var position = digits
        while position >= 2 {
            let (quotient, pair) = rest.quotientAndRemainder(dividingBy: 100)
            rest = quotient
            let tens = pair / 10
            start[position &- 2] = UInt8(truncatingIfNeeded: tens) &+ 48
            start[position &- 1] = UInt8(truncatingIfNeeded: pair &- tens &* 10) &+ 48
            position &-= 2
        }
        if position == 1 { start[0] = UInt8(truncatingIfNeeded: rest) &+ 48 }
        return digits
    }

    @inline(__always)
    private static func count(_ number: UInt64) -> Int {
        var count = 1
        var rest = number
        while rest >= 10_000 {
            rest /= 10_000
            count &+= 4
        }
        return count &+ (rest >= 1_000 ? 3 : rest >= 100 ? 2 : rest >= 10 ? 1 : 0)
    }
}
