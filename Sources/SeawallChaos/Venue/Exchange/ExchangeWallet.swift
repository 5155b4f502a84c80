internal import SeawallTime

/// A purse of one asset, in 10^-16 of it.
struct ExchangeWallet: Hashable, Sendable {
    let initial: Int128
    var realized: Int128 = 0
    var fees: Int128 = 0

    var balance: Int128 { initial.addingSaturating(realized).subtractingSaturating(fees) }
}
