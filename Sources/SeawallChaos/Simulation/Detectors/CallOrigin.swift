internal import SeawallTime

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif
#if canImport(Runtime)
internal import Runtime
#endif

/// Which line of the user's code made the runtime do something: read from the stack of the calling thread.
///
/// `Backtrace.capture()` follows frame pointers without looking where they lead, which ends the process where optimised
/// code or the runtime's own has none. The C library's `backtrace` goes by the unwind tables; what it finds is handed to
/// `Runtime` in the form in which that reads its own backtraces.
enum CallOrigin {
    private typealias Unwind = @convention(c) (UnsafeMutablePointer<UnsafeMutableRawPointer?>, Int32) -> Int32

    /// The function that caused the present call into the runtime, with file and line where they are known.
    ///
    /// To read the debugging information of a large program takes seconds, so that what was found is kept.
    static func current() -> String? {
        let addresses = returnAddresses()
        if let known = known.withLock({ $0[addresses] }) { return known }
        let origin = located(addresses) ?? named(addresses)
        known.withLock { $0[addresses] = .some(origin) }
        return origin
    }

    private static let known = Lock<[[UInt]: String?]>([:])

    private static func returnAddresses() -> [UInt] {
        guard let symbol = ProcessSymbols.find("backtrace") else { return [] }
        let unwind = unsafeBitCast(symbol, to: Unwind.self)
        var addresses = [UnsafeMutableRawPointer?](repeating: nil, count: 16)
        let count = Int(unwind(&addresses, Int32(addresses.count)))
        return addresses.prefix(max(0, count)).map { UInt(bitPattern: $0) }
    }

    /// By the debugging information, where the platform has a symbolicator.
    private static func located(_ addresses: [UInt]) -> String? {
        #if canImport(Runtime) && os(Linux) && (arch(x86_64) || arch(arm64))
        guard let frames = backtrace(addresses)?.symbolicated()?.frames else { return nil }
        // Behind the hook come the runtime and its generated code, of which nothing has a place in a file.
        let isHook = frames.map { $0.symbol?.sourceLocation?.path.hasSuffix("/RuntimeHook.swift") == true }
        guard let hook = isHook.firstIndex(of: true) else { return nil }
        for frame in frames[(hook + 1)...] {
            guard let symbol = frame.symbol, let place = symbol.sourceLocation else { continue }
            if place.path.hasPrefix("/<") || place.path.hasPrefix("<") || isPlumbing(symbol.name) { continue }
            if place.path.hasSuffix("/RuntimeHook.swift") { continue }
            // From here on it is the run itself that calls.
            if place.path.hasSuffix("/SimulationExecutor.swift") { return nil }
            let file = place.path.split(separator: "/").suffix(2).joined(separator: "/")
            return "\(symbol.name) at \(file):\(place.line)"
        }
        #endif
        return nil
    }

    #if canImport(Runtime) && os(Linux) && (arch(x86_64) || arch(arm64))
    /// A backtrace as it reads itself: one instruction a frame, each with the distance from the one before.
    private struct Encoded: Encodable {
        var architecture: String
        var backtrace: String
        var imageMap: ImageMap
    }

    private static func backtrace(_ addresses: [UInt]) -> Backtrace? {
        var bytes: [UInt8] = [0x02]
        var last: UInt = 0
        for address in addresses {
            let distance = address &- last
            last = address
            // A return address, as a signed distance of six bytes: user space has 47 bits.
            bytes.append(0b0010_0101)
            for byte in (0..<6).reversed() { bytes.append(UInt8(truncatingIfNeeded: distance >> (8 * UInt(byte)))) }
        }
        bytes.append(0)
        #if arch(x86_64)
        let architecture = "x86_64"
        #else
        let architecture = "arm64"
        #endif
        let encoded = Encoded(
            architecture: architecture, backtrace: Data(bytes).base64EncodedString(), imageMap: .capture())
        guard let data = try? JSONEncoder().encode(encoded) else { return nil }
        return try? JSONDecoder().decode(Backtrace.self, from: data)
    }
    #endif

    /// `Dl_info` as POSIX systems lay it out.
    private struct SymbolInfo {
        var image: UnsafePointer<CChar>?
        var imageBase: UnsafeRawPointer?
        var symbol: UnsafePointer<CChar>?
        var symbolAddress: UnsafeRawPointer?
    }

    private typealias LookUp = @convention(c) (UnsafeRawPointer, UnsafeMutableRawPointer) -> Int32

    /// By the names of symbols alone.
    private static func named(_ addresses: [UInt]) -> String? {
        guard let function = ProcessSymbols.find("dladdr") else { return nil }
        let lookUp = unsafeBitCast(function, to: LookUp.self)
        var hasSeenRuntime = false
        for address in addresses {
            var info = SymbolInfo()
            guard let pointer = UnsafeRawPointer(bitPattern: address), lookUp(pointer, &info) != 0 else { continue }
            if let image = info.image, String(cString: image).contains("swift_Concurrency") {
                hasSeenRuntime = true
                continue
            }
            guard hasSeenRuntime, let symbol = info.symbol else { continue }
            let name = String(cString: symbol)
            // Mangled: the initialisers of `Task` lie in the module `_Concurrency`, or are specialised from there.
            if name.hasPrefix("$sScT") || name.contains("SimulationExecutor") { continue }
            return name
        }
        return nil
    }

    private static func isPlumbing(_ name: String) -> Bool {
        [
            "Task<", "static Task<", "specialized Task<", "specialized static Task<", "thunk for",
            "partial apply for thunk",
        ]
        .contains { name.hasPrefix($0) }
    }
}
