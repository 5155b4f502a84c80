import SeawallMetrics
import SeawallTime
import Testing

@testable import SeawallExport

@Suite struct OTLPQueueTests {
    private static let limits = OTLPQueue.Limits(
        batchSpans: 3, queueSpans: 5, batchBytes: 100, queueBytes: 220, interval: .seconds(5))

    private func at(_ seconds: Int64) -> MonotonicInstant { MonotonicInstant(nanoseconds: seconds * 1_000_000_000) }

    private func span(_ number: Int) -> FinishedSpan { .example("\(number)") }

    @Test func aSpanWaitsForTheInterval() {
        var queue = OTLPQueue(Self.limits)
        #expect(queue.offer(span(1), bytes: 10, at(1)) == .wait(until: at(6), number: 1))
        #expect(queue.offer(span(2), bytes: 10, at(3)) == .none)
        #expect(queue.wake(1, at(6)) == .carry([span(1), span(2)]))
        #expect(queue.status.waiting == 2)
        #expect(queue.settle(.delivered(rejected: 0, message: nil), at(7)) == .none)
        #expect(queue.status == OTLPStatus(delivered: 2, rejected: 0, failed: 0, dropped: 0, waiting: 0))
    }

    @Test func aFullBatchGoesAtOnceAndTheWaitIsNotWantedAnyMore() {
        var queue = OTLPQueue(Self.limits)
        #expect(queue.offer(span(1), bytes: 10, at(1)) == .wait(until: at(6), number: 1))
        #expect(queue.offer(span(2), bytes: 10, at(1)) == .none)
        #expect(queue.offer(span(3), bytes: 10, at(1)) == .carry([span(1), span(2), span(3)]))
        #expect(queue.wake(1, at(6)) == .none)
        #expect(queue.offer(span(4), bytes: 10, at(2)) == .none)
        #expect(queue.settle(.delivered(rejected: 0, message: nil), at(3)) == .wait(until: at(7), number: 3))
    }

    @Test func whatTheServerRejectsIsCountedAndNeverMoreThanThereIs() {
        for (told, rejected) in [(2, 2), (99, 3), (-5, 0)] {
            var queue = OTLPQueue(Self.limits)
            for number in 1...3 { _ = queue.offer(span(number), bytes: 10, at(0)) }
            _ = queue.settle(.delivered(rejected: told, message: "m"), at(1))
            #expect(queue.status.rejected == rejected && queue.status.delivered == 3 - rejected)
            #expect(queue.status.lastFailure == "m")
        }
    }

    @Test func nothingGoesBeforeTheInstantThatTheServerNamed() {
        var queue = OTLPQueue(Self.limits)
        for number in 1...3 { _ = queue.offer(span(number), bytes: 10, at(0)) }
        _ = queue.settle(.failed("503", notBefore: at(60)), at(1))
        #expect(queue.status.failed == 3 && queue.status.lastFailure == "503")
        #expect(queue.offer(span(4), bytes: 10, at(2)) == .wait(until: at(60), number: 3))
        #expect(queue.offer(span(5), bytes: 10, at(2)) == .none)
        #expect(queue.offer(span(6), bytes: 10, at(2)) == .none)
        #expect(queue.flush(at(3)) == .none)
        #expect(queue.wake(3, at(60)) == .carry([span(4), span(5), span(6)]))
    }

    @Test func aSpanThatAloneIsTooLargeIsDropped() {
        var queue = OTLPQueue(Self.limits)
        #expect(queue.offer(span(1), bytes: 101, at(0)) == .none)
        #expect(queue.offer(span(2), bytes: 100, at(0)) == .carry([span(2)]))
        #expect(queue.status.dropped == 1)
    }

    /// What the queue must be, told in the plainest way: lists, and the rules as sentences.
    private struct Model {
        struct One {
            var number: Int
            var bytes: Int
            var since: MonotonicInstant
        }

        let limits: OTLPQueue.Limits
        var waiting: [One] = []
        var underWay: [One] = []
        var isCarrying = false
        var isClosed = false
        var notBefore = MonotonicInstant.origin
        var flushed = 0
        var last = 0
        var delivered = 0
        var rejected = 0
        var failed = 0
        var dropped = 0
        var offered = 0
        /// The wait that somebody does.
        var wait: (until: MonotonicInstant, number: UInt64)?

        var hasRoom: Bool { waiting.count < limits.queueSpans }

        func takes(_ bytes: Int) -> Bool {
            !isClosed && hasRoom && bytes <= limits.batchBytes
                && waiting.map(\.bytes).reduce(bytes, +) <= limits.queueBytes
        }

        /// When the first that waits is to go.
        var due: MonotonicInstant? {
            guard let first = waiting.first else { return nil }
            let isFull =
                waiting.count >= limits.batchSpans || waiting.map(\.bytes).reduce(0, +) >= limits.batchBytes
            let soonest = isFull || first.number <= flushed ? first.since : first.since.advanced(by: limits.interval)
            return soonest < notBefore ? notBefore : soonest
        }

        var batch: [One] {
            var batch: [One] = []
            for one in waiting {
                if batch.count == limits.batchSpans { break }
                if batch.map(\.bytes).reduce(one.bytes, +) > limits.batchBytes { break }
                batch.append(one)
            }
            return batch
        }

        /// Checks an errand against the rules, and does it.
        mutating func take(_ errand: OTLPQueue.Errand, _ now: MonotonicInstant) -> Bool {
            switch errand {
            case .carry(let spans):
                guard !isCarrying, let due, due <= now, spans.map(\.name) == batch.map({ "\($0.number)" }) else {
                    return false
                }
                underWay = batch
                waiting.removeFirst(underWay.count)
                isCarrying = true
                wait = nil
                return !underWay.isEmpty
            case .wait(let until, let number):
                guard !isCarrying, until == due, until > now else { return false }
                wait = (until, number)
                return true
            case .none:
                guard !isCarrying, let due else { return true }
                // Somebody will come in time.
                guard let wait else { return false }
                return wait.until <= due
            }
        }
    }

    @Test(arguments: 0..<40) func whateverHappensItDoesWhatTheModelSays(seed: UInt64) {
        var generator = SeededGenerator(seed: seed, stream: "otlp queue")
        let limits = OTLPQueue.Limits(
            batchSpans: Int(1 + generator.below(4)), queueSpans: Int(4 + generator.below(6)),
            batchBytes: Int(20 + generator.below(60)), queueBytes: Int(80 + generator.below(80)),
            interval: .nanoseconds(Int64(1 + generator.below(20))))
        var queue = OTLPQueue(limits)
        var model = Model(limits: limits)
        var now = MonotonicInstant.origin
        var carried = 0
        for step in 0..<600 {
            now = now.advanced(by: .nanoseconds(Int64(generator.below(4))))
            let errand: OTLPQueue.Errand
            switch generator.below(12) {
            case 0...5:
                let bytes = Int(1 + generator.below(UInt64(limits.batchBytes + 4)))
                model.offered += 1
                if model.takes(bytes) {
                    model.last += 1
                    model.waiting.append(.init(number: model.last, bytes: bytes, since: now))
                } else {
                    model.dropped += 1
                }
                errand = queue.offer(span(model.last), bytes: bytes, now)
            case 6, 7:
                guard model.isCarrying else { continue }
                let count = model.underWay.count
                model.isCarrying = false
                model.underWay = []
                if generator.chance(0.3) {
                    model.failed += count
                    let instant =
                        generator.chance(0.5) ? now.advanced(by: .nanoseconds(Int64(generator.below(30)))) : nil
                    if let instant, instant > model.notBefore { model.notBefore = instant }
                    errand = queue.settle(.failed("f", notBefore: instant), now)
                } else {
                    let rejected = Int(generator.below(3))
                    model.rejected += min(rejected, count)
                    model.delivered += count - min(rejected, count)
                    errand = queue.settle(.delivered(rejected: rejected, message: nil), now)
                }
            case 8, 9:
                guard let wait = model.wait else { continue }
                if generator.chance(0.8) { now = max(now, wait.until) }
                model.wait = nil
                errand = queue.wake(wait.number, now)
            case 10:
                // One that is long over changes nothing.
                let old = queue.wake((model.wait?.number ?? 1) &- 1, now)
                #expect(old == .none)
                continue
            default:
                if step > 550, generator.chance(0.2) {
                    queue.close()
                    model.isClosed = true
                    if generator.chance(0.5) {
                        queue.abandon()
                        model.dropped += model.waiting.count
                        model.waiting = []
                        model.wait = nil
                    }
                    continue
                }
                model.flushed = model.last
                errand = queue.flush(now)
            }
            if case .carry(let spans) = errand { carried += spans.count }
            let isRight = model.take(errand, now)
            #expect(isRight, "seed \(seed), step \(step): \(errand)")
            let status = queue.status
            #expect(
                status
                    == OTLPStatus(
                        delivered: model.delivered, rejected: model.rejected, failed: model.failed,
                        dropped: model.dropped, waiting: model.waiting.count + model.underWay.count,
                        lastFailure: status.lastFailure))
            // Whoever flushes waits for no more, and for no less, than is there.
            #expect(queue.accepted - queue.settled == UInt64(status.waiting))
            #expect(
                status.delivered + status.rejected + status.failed + status.dropped + status.waiting == model.offered)
        }
        #expect(carried > 50)
    }
}
