import SeawallBroker
import SeawallTime
import Testing

@testable import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct NaiveWindowTests {
    /// 2024-01-01T00:00:07Z: seven seconds into a minute.
    private static let civilStart = CivilInstant(millisecondsSinceEpoch: 1_704_067_207_000)

    private func window(
        _ shape: LimitRule.Shape, limit: Int, window: Duration = .seconds(60), offset: Duration = .zero, decay: Int = 0
    ) -> NaiveWindow {
        NaiveWindow(
            LimitRule(
                name: "w", scope: .ip, counts: .weight, shape: shape, limit: limit, window: window, offset: offset,
                decay: decay),
            start: .origin, civilStart: NaiveWindowTests.civilStart)
    }

    private func at(_ seconds: Double) -> MonotonicInstant {
        MonotonicInstant(nanoseconds: Int64(seconds * 1e9))
    }

    @Test func fixedWindowsBeginAtTheCivilMinute() {
        var fixed = window(.fixed, limit: 10)
        fixed.charge(4, at: at(0))
        fixed.charge(3, at: at(52.999_999_999))
        #expect(fixed.used(at: at(52.999_999_999)) == 7)
        #expect(fixed.used(at: at(53)) == 0)
        #expect(fixed.opening(for: 1, at: at(10)) == at(53))
        #expect(fixed.opening(for: 1, at: at(53)) == at(113))
        fixed.charge(2, at: at(53))
        #expect(fixed.used(at: at(112.999_999_999)) == 2)
    }

    @Test func anOffsetMovesFixedWindows() {
        var fixed = window(.fixed, limit: 10, offset: .seconds(10))
        fixed.charge(1, at: at(0))
        // The window began ten seconds past the minute before and ends ten past this one.
        #expect(fixed.used(at: at(2.999_999_999)) == 1)
        #expect(fixed.used(at: at(3)) == 0)
    }

    @Test func rollingWindowsForgetAfterExactlyTheirLength() {
        var rolling = window(.rolling, limit: 10)
        rolling.charge(6, at: at(1))
        rolling.charge(5, at: at(11))
        #expect(rolling.used(at: at(60.999_999_999)) == 11)
        #expect(rolling.used(at: at(61)) == 5)
        #expect(rolling.used(at: at(71)) == 0)
        // Five more fit once the six are gone; six more only once both are.
        #expect(rolling.opening(for: 5, at: at(12)) == at(61))
        #expect(rolling.opening(for: 6, at: at(12)) == at(71))
        #expect(rolling.opening(for: 11, at: at(12)) == at(72))
    }

    @Test func decayFallsSteadilyAndRoundsUp() {
        var decay = window(.decay, limit: 10, decay: 2)
        decay.charge(9, at: at(0))
        #expect(decay.used(at: at(0)) == 9)
        #expect(decay.used(at: at(0.1)) == 9)
        #expect(decay.used(at: at(1)) == 7)
        #expect(decay.opening(for: 3, at: at(0)) == at(1))
        decay.charge(1, at: at(4.5))
        #expect(decay.used(at: at(4.5)) == 1)
        #expect(decay.used(at: at(5)) == 0)
        decay.charge(3, at: at(10))
        #expect(decay.used(at: at(10)) == 3)
    }

    @Test(arguments: [LimitRule.Shape.rolling, .fixed, .decay])
    func randomHistoriesAgreeWithACountOfEveryCharge(shape: LimitRule.Shape) {
        for seed in 1...60 as ClosedRange<UInt64> {
            var random = SeededGenerator(seed: seed, stream: "window")
            var counted = window(shape, limit: 20, window: .seconds(5), offset: .seconds(2), decay: 3)
            var all: [(at: Int64, weight: Int)] = []
            var now: Int64 = 0
            for _ in 0..<120 {
                // Whole and half seconds, so that the edges of windows are met again and again.
                now += Int64(random.below(4)) * 500_000_000
                let instant = MonotonicInstant(nanoseconds: now)
                if random.chance(0.6) {
                    let weight = Int(random.below(6)) + 1
                    counted.charge(weight, at: instant)
                    all.append((now, weight))
                }
                #expect(counted.used(at: instant) == model(shape, all, now))
            }
        }
    }

    /// The same from every charge that there ever was, in plain arithmetic.
    private func model(_ shape: LimitRule.Shape, _ all: [(at: Int64, weight: Int)], _ now: Int64) -> Int {
        let second: Int64 = 1_000_000_000
        switch shape {
        case .rolling:
            return all.filter { now - $0.at < 5 * second }.map(\.weight).reduce(0, +)
        case .fixed:
            // The run begins seven seconds past a multiple of five plus two: right where a window begins.
            return all.filter { $0.at / (5 * second) == now / (5 * second) }.map(\.weight).reduce(0, +)
        case .decay:
            // In halves of a second: each takes one and a half off, so count in halves.
            var level: Int64 = 0
            var last: Int64 = 0
            for charge in all {
                level = max(0, level - (charge.at - last) / (second / 2) * 3) + Int64(charge.weight) * 2
                last = charge.at
            }
            level = max(0, level - (now - last) / (second / 2) * 3)
            return Int((level + 1) / 2)
        }
    }
}
