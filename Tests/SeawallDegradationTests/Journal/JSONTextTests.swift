import SeawallDegradation
import SeawallTime
import Testing

@Suite struct JSONTextTests {
    @Test func whatIsWrittenIsReadBack() throws {
        var random = SeededGenerator(seed: 1, stream: "journal")
        for _ in 0..<2_000 {
            let text = String(
                String.UnicodeScalarView(
                    (0..<Int.random(in: 0..<9, using: &random)).compactMap { _ in
                        Unicode.Scalar(UInt32.random(in: 0..<0x3000, using: &random))
                    }))
            let number = Int64.random(in: .min...(.max), using: &random)
            var writer = JSONWriter()
            writer.add("text", text)
            writer.add("number", number)
            writer.add("flag", ifTrue: true)
            writer.add("unset", ifTrue: false)
            writer.add("none", String?.none)
            writer.add("list", [text, ""])
            let bytes = writer.closed()
            #expect(!bytes.contains(UInt8(ascii: "\n")))
            #expect(
                JSONReader.object(bytes[...]) == [
                    "text": .string(text), "number": .number(number), "flag": .bool(true),
                    "list": .array([.string(text), .string("")]),
                ])
        }
    }

    @Test(arguments: [
        #"{}"#, #" { "a" : [ 1 , -2 , null , false , {"b":"\u00e4\/\b\f\r\t"} ] } "#, #"{"a":9223372036854775807}"#,
        #"{"a":-9223372036854775808}"#,
    ])
    func goodTextIsRead(_ text: String) {
        #expect(JSONReader.object(Array(text.utf8)[...]) != nil)
    }

    @Test(arguments: [
        "", "{", "}", "[]", "1", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, #"{,}"#, #"{"a":1}x"#, #"{"a":1}{"a":1}"#,
        #"{"a":1,"a":2}"#, #"{"a":01}"#, #"{"a":1.5}"#, #"{"a":1e5}"#, #"{"a":-}"#, #"{"a":9223372036854775808}"#,
        #"{"a":"\x"}"#, #"{"a":"\u12"}"#, #"{"a":"\ud800"}"#, #"{"a":"\u+123"}"#, "{\"a\":\"\n\"}", #"{"a":"b}"#,
        #"{"a":"b\"#, #"{"a":nul}"#, #"{"a":[1,]}"#, #"{a:1}"#,
        #"{"a":[[[[[[[[[[[[1]]]]]]]]]]]]}"#,
    ])
    func badTextIsNothing(_ text: String) {
        #expect(JSONReader.object(Array(text.utf8)[...]) == nil)
    }

    @Test func rubbishNeverTraps() {
        var random = SeededGenerator(seed: 2, stream: "journal")
        var records = RandomRecords(seed: 2)
        let alphabet = Array(#"{}[]",:\u0019-.etrufalsn "#.utf8) + [0, 0x0a, 0x80, 0xc3, 0xff]
        for round in 0..<4_000 {
            var bytes: [UInt8] =
                round % 2 == 0
                ? (0..<Int.random(in: 0..<40, using: &random)).map { _ in
                    alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
                } : records.record().json
            if round % 2 == 1 {
                for _ in 0..<3 {
                    let index = Int.random(in: 0..<bytes.count, using: &random)
                    bytes[index] = alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
                }
                if round % 4 == 1 { bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random)) }
            }
            if let fields = JSONReader.object(bytes[...]) { _ = JournalRecord(json: fields) }
            _ = JournalLine.read(bytes[...])
            _ = JournalContents(bytes)
        }
    }

    @Test func theChecksumIsCastagnolis() {
        #expect(CRC32C.checksum("123456789".utf8) == 0xe306_9283)
        #expect(CRC32C.checksum([]) == 0)
        #expect(CRC32C.checksum([UInt8](repeating: 0, count: 32)) == 0x8a91_36aa)
    }
}
