/// The jobs that could run now: taken oldest first, or any one of them.
///
/// Both ways cost constant time, amortised, and allocate only while the list grows to its largest size.
struct ReadyList<Job> {
    private var jobs: ContiguousArray<Job> = []
    private var head = 0

    var count: Int { jobs.count - head }

    mutating func append(_ job: Job) {
        jobs.append(job)
    }

    /// The oldest job, in order of `append` as long as only this method takes jobs out.
    mutating func takeFirst() -> Job? {
        guard head < jobs.count else { return nil }
        let job = jobs[head]
        head += 1
        if head == jobs.count {
            jobs.removeAll(keepingCapacity: true)
            head = 0
        } else if head >= 1024, head * 2 > jobs.count {
            jobs.removeSubrange(0..<head)
            head = 0
        }
        return job
    }

    /// The job at `position` in `0 ..< count`, nil outside of it; the last job takes the free place.
    mutating func take(at position: Int) -> Job? {
        guard position >= 0, position < count else { return nil }
        jobs.swapAt(head + position, jobs.count - 1)
        return jobs.removeLast()
    }

    /// Takes out every job that `isMeant` says, in order; the others keep theirs.
    mutating func takeAll(where isMeant: (Job) -> Bool) -> [Job] {
        let taken = jobs[head...].filter(isMeant)
        jobs = ContiguousArray(jobs[head...].filter { !isMeant($0) })
        head = 0
        return Array(taken)
    }
}
