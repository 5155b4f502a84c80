/// Bytes of a text in the making: filled into a small piece of memory first, which is quicker than appending to an array
/// byte by byte, and appended to the array when the piece is full.
struct TextBuffer: ~Copyable {
    private static let pieceSize = 16_384

    /// Room for any number that is written by hand.
    private static let longestNumber = 32

    private let piece: UnsafeMutablePointer<UInt8>
    private var used = 0
    private var bytes: [UInt8]

    /// Begins after the bytes given, which may have room for more.
    init(_ bytes: consuming [UInt8] = []) {
        self.bytes = bytes
        piece = .allocate(capacity: Self.pieceSize)
    }

    deinit { piece.deallocate() }

    /// How many bytes there are.
    var count: Int { bytes.count + used }

    /// All bytes; the buffer is empty after it.
    mutating func take() -> [UInt8] {
        flush()
        var taken: [UInt8] = []
        swap(&taken, &bytes)
        return taken
    }

    /// All bytes as text; the buffer is empty after it.
    var string: String { mutating get { String(decoding: take(), as: UTF8.self) } }

    mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { append($0.baseAddress, $0.count) }
    }

    mutating func append(_ text: StaticString) { append(text.utf8Start, text.utf8CodeUnitCount) }

    mutating func append(_ text: [UInt8]) {
        text.withUnsafeBufferPointer { append($0.baseAddress, $0.count) }
    }

    @inline(__always)
    mutating func append(_ start: UnsafePointer<UInt8>?, _ count: Int) {
        guard let start else { return }
        if used &+ count > Self.pieceSize { flush() }
        if count > Self.pieceSize {
            bytes.append(contentsOf: UnsafeBufferPointer(start: start, count: count))
            return
        }
        UnsafeMutableRawPointer(piece + used).copyMemory(from: start, byteCount: count)
        used &+= count
    }

    @inline(__always)
    mutating func append(byte: UInt8) {
        if used == Self.pieceSize { flush() }
        piece[used] = byte
        used &+= 1
    }

    @inline(__always)
    mutating func appendNewline() { append(byte: UInt8(ascii: "\n")) }

    /// A whole number in decimal digits.
    @inline(__always)
    mutating func append(_ number: UInt64) {
        makeRoom()
        used &+= DecimalDigits.write(number, at: piece + used)
    }

    /// A whole number in decimal digits with at least so many of them.
    mutating func append(_ number: UInt64, digits: Int) {
        makeRoom()
        used &+= DecimalDigits.write(number, padded: digits, at: piece + used)
    }

    /// The number of decimals, at most 18, of a whole number of units; zeros at the end are left out.
    mutating func append(fixed magnitude: UInt64, isNegative: Bool, decimals: Int) {
        if isNegative { append(byte: UInt8(ascii: "-")) }
        let (whole, rest) = magnitude.quotientAndRemainder(dividingBy: DecimalDigits.powers[decimals])
        append(whole)
        if rest == 0 { return }
        append(byte: UInt8(ascii: "."))
        makeRoom()
        used &+= DecimalDigits.write(rest, padded: decimals, at: piece + used)
        while piece[used &- 1] == UInt8(ascii: "0") { used &-= 1 }
    }

    /// Gives the memory behind what is written to someone who writes at most 32 bytes and says how many.
    @inline(__always)
    mutating func makeRoom() {
        if used &+ Self.longestNumber > Self.pieceSize { flush() }
    }

    private mutating func flush() {
        if used == 0 { return }
        bytes.append(contentsOf: UnsafeBufferPointer(start: piece, count: used))
        used = 0
    }
}
