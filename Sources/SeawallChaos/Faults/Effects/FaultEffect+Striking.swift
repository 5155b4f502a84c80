public import SeawallBroker

extension FaultEffect {
    /// Which part of the broker the effect works on.
    public var site: FaultSite { reach.site }

    /// The operations that the effect can strike; nil for all.
    public var strikable: Set<BrokerOperation>? { reach.operations }

    private var reach: (site: FaultSite, operations: Set<BrokerOperation>?) {
        switch self {
        case .lateFills, .duplicateFills, .reorderedFills: (.fills, [.fills, .userStream])
        case .streamHang, .streamBreak, .streamFlap, .streamRepeat, .streamReset, .streamGap, .streamReplay:
            (.stream, [.marketStream, .userStream])
        case .streamMute(let channel, _): (.stream, channel.streams)
        case .clockStep, .machineSleep, .crash, .diskFailure, .venueMode, .authenticationExpiry, .secondProcess:
            (.world, nil)
        // An order that is still to be placed cannot be filled.
        case .fill(_, .before, _): (.world, [.amend, .cancel, .query])
        case .fill(_, .after, _): (.world, [.place, .amend, .query])
        case .halfAmend: (.call, [.amend])
        case .mixedBatch: (.call, [.cancelMany, .cancelAll])
        case .emptyOrders, .failedPage: (.call, [.openOrders, .history])
        case .emptyList:
            (.call, [.openOrders, .history, .fills, .balances, .positions, .ticker, .candles, .rules, .limits])
        case .oldAnswer: (.call, Self.reads)
        case .truncatedPage: (.call, [.openOrders, .history, .fills])
        case .limitUsage: (.call, [.limits])
        case .widerSpread: (.call, [.ticker, .depth])
        case .zeroPrices: (.call, [.ticker])
        case .answer(let answer): (.call, answer.operations)
        case .lostBefore, .lostAfter, .delay, .delayedReply, .duplicate, .reorder, .rateLimited, .banned, .outage,
            .errorInside, .unreadable, .hiddenOrder, .error:
            (.call, nil)
        }
    }

    /// The operations that the effect strikes where its fault names none.
    var struck: Set<BrokerOperation> { strikable ?? Set(BrokerOperation.allCases) }

    /// The reads whose answer can be kept; a preview's is good once, a stream's is no answer.
    private static let reads: Set<BrokerOperation> = [
        .query, .openOrders, .history, .fills, .balances, .positions, .ticker, .candles, .depth, .rules, .status, .time,
        .fees, .permissions, .limits,
    ]

    /// True where the effect has something to give a call with such an answer.
    func fits<Answer>(_ type: Answer.Type) -> Bool {
        switch self {
        case .emptyOrders: type == OrderPage.self
        case .emptyList: type is any EmptyAnswer.Type
        case .answer(let answer): answer.value(as: type) != nil
        default: true
        }
    }

    /// True where the effect strikes every call of its operations, whatever the call's answer and what came before.
    var alwaysFits: Bool {
        switch self {
        // Of `ticker`, the answer of one symbol is no list.
        case .emptyList, .answer, .oldAnswer, .failedPage, .hiddenOrder, .reorder, .streamReplay, .streamReset,
            .halfAmend(.order):
            false
        default: true
        }
    }
}

extension FaultChannel {
    fileprivate var streams: Set<BrokerOperation> {
        switch self {
        case .heartbeats, .content, .symbol: [.marketStream, .userStream]
        case .orders, .fills: [.userStream]
        case .tickers: [.marketStream]
        }
    }
}
