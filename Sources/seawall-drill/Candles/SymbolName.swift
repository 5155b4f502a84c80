import Seawall

/// What a symbol's name says.
enum SymbolName {
    /// The symbol that a candle file's name begins with: `btc-usd-1m-2023-03.csv` is `BTC-USD`.
    ///
    /// Its parts count up to the interval (`1m`) or the first number. Nil where nothing is left.
    static func inFileName(_ path: String) -> String? {
        let file = path.split(separator: "/").last.map(String.init) ?? path
        let stem = String(file.prefix { $0 != "." })
        var name = ""
        var part = ""
        for character in stem + "-" {
            guard character == "-" || character == "_" else {
                part.append(character)
                continue
            }
            if isInterval(part) { break }
            name += (name.isEmpty ? "" : "-") + part
            part = ""
        }
        let symbol = name.uppercased()
        return ArgumentReader.isSymbol(symbol) && symbol.contains(where: \.isLetter) ? symbol : nil
    }

    /// `1m`, `15m`, `1h`, or a number that begins a date.
    private static func isInterval(_ part: String) -> Bool {
        let digits = part.prefix { $0.isASCII && $0.isNumber }
        guard !digits.isEmpty else { return false }
        let unit = part.dropFirst(digits.count).lowercased()
        return ["", "s", "m", "h", "d", "w", "mo", "min"].contains(unit)
    }

    /// The currency traded and the currency paid with.
    ///
    /// Where the name does not tell, the whole of it is traded and dollars are paid with.
    static func assets(_ symbol: String) -> (base: Asset, quote: Asset) {
        let parts = symbol.split { $0 == "-" || $0 == "_" || $0 == "/" }.map(String.init)
        if parts.count >= 2 { return (Asset(parts[0]), Asset(parts[1])) }
        let upper = symbol.uppercased()
        for quote in ["FDUSD", "USDT", "USDC", "BUSD", "TUSD", "USD", "EUR", "GBP", "JPY", "BTC", "ETH"]
        where upper.hasSuffix(quote) && upper.count > quote.count {
            return (Asset(String(symbol.dropLast(quote.count))), Asset(quote))
        }
        return (Asset(symbol), "USD")
    }
}
