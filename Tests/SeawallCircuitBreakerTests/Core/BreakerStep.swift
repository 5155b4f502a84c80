import SeawallTime

@testable import SeawallCircuitBreaker

/// One step of a history, which means something whatever came before, so that any part of a history is one too.
enum BreakerStep {
    case wait(Int64)
    /// To the end of the present state, or this far from it.
    case waitForEnd(offset: Int64)
    case goBack(Int64)
    case admit
    /// A call of those admitted, counted from the last one, settled with a result.
    case record(fromLast: Int, CircuitBreaker.CallResult)
    case giveBack(fromLast: Int)
    case poll
    case forceOpen(after: Int64?)
    case isolate(after: Int64?)
    case shadow(enforcing: Int)
    case disable, release, reset

    /// A history of so many steps.
    static func random(_ count: Int, goesBack: Bool, _ generator: inout SeededGenerator) -> [BreakerStep] {
        (0..<count).map { _ in random(goesBack: goesBack, &generator) }
    }

    private static func random(goesBack: Bool, _ generator: inout SeededGenerator) -> BreakerStep {
        switch generator.below(200) {
        case 0..<24: return .wait(Int64(generator.below(6)))
        case 24..<27: return .wait(Int64(generator.below(1_000)))
        case 27..<42: return .waitForEnd(offset: Int64(generator.below(3)) - 1)
        case 42..<44: return goesBack ? .goBack(Int64(generator.below(20))) : .admit
        case 44..<110: return .admit
        case 110..<180:
            // Mostly a recent call, now and then one from long ago, or one that has been settled already.
            let fromLast = generator.chance(0.8) ? generator.below(4) : generator.below(40)
            let result: CircuitBreaker.CallResult =
                generator.chance(0.1) ? .ignored : generator.chance(0.5) ? .failure : .success
            return .record(fromLast: Int(fromLast), result)
        case 180..<184: return .giveBack(fromLast: Int(generator.below(4)))
        case 184..<186: return .poll
        case 186..<190: return .forceOpen(after: generator.chance(0.3) ? nil : Int64(generator.below(30)) - 3)
        case 190..<192: return .isolate(after: generator.chance(0.2) ? nil : Int64(generator.below(30)) - 3)
        case 192: return .disable
        case 193..<195: return .shadow(enforcing: [0, 0, 250, 999, 1_000][Int(generator.below(5))])
        case 195..<197: return .release
        default: return .reset
        }
    }
}
