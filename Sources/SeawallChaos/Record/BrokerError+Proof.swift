internal import Seawall

extension BrokerError {
    /// What an answer proves to anybody, by status, code and words alone; `ambiguous` where it proves nothing.
    ///
    /// Written from the venue's public documentation, and from no table of the library's.
    var provenOutcome: String {
        switch delivery {
        case .notSent: return "not_sent"
        case .maybeSent: return "ambiguous"
        case .answered: break
        }
        switch (status, venueCode) {
        case (418?, _): return "banned"
        case (429?, _): return "rate_limited"
        case (_, "-2011"?), (_, "-2013"?): return "no_such_order"
        case (_, "-4116"?): return "duplicate"
        case (_, "-2022"?), (_, "-4118"?): return "reduce_capacity"
        case (_, "-1021"?): return "clock_skew"
        case (_, "-1008"?): return "overloaded"
        // "Execution status unknown", in the words of the venue.
        case (_, "-1000"?), (_, "-1001"?), (_, "-1006"?), (_, "-1007"?): return "ambiguous"
        case (503?, _) where "\(message) \(body ?? "")".contains("Service Unavailable."): return "overloaded"
        // A timeout, and one half of two things done.
        case (408?, _), (409?, _): return "ambiguous"
        // Who is not let in, or blocked by the firewall, has placed nothing.
        case (401?, _), (403?, _): return "rejected"
        // Without a code of the venue's it came from something in front of it. Some venues refuse with 200 and a code.
        case (let status?, _?) where (400..<500).contains(status) || status == 200: return "rejected"
        default: return "ambiguous"
        }
    }
}
