internal import SeawallAlerts
internal import SeawallTime

extension Alert {
    /// The same for every try to deliver one message, and another for every other message of a manager.
    ///
    /// Visible ASCII, so that it can stand in a header: ids of episodes begin as somebody wished.
    var messageID: String {
        let text = "\(episode).\(event.rawValue).\(at.nanoseconds)"
        return String(text.unicodeScalars.map { (0x21...0x7e).contains($0.value) ? Character($0) : "_" })
    }

    /// What a person reads first: `CRITICAL breaker_open`, `RECOVERED breaker_open`.
    var headline: String {
        let state =
            switch event {
            case .begin: severity.rawValue.uppercased()
            case .remind: "\(severity.rawValue.uppercased()) (still)"
            case .end: "RECOVERED"
            }
        return "\(state) \(code)" + (isFlapping ? " (flapping)" : "")
    }

    /// Everything else that a person may want to know, in the order in which it is read.
    var details: [(name: String, value: String)] {
        var details = [("episode", episode), ("severity", severity.rawValue), ("scope", scope)]
        if !causes.isEmpty { details.append(("causes", causes.joined(separator: ", "))) }
        if let duration { details.append(("duration", "\(duration.secondsText) s")) }
        if suppressed > 0 { details.append(("suppressed", String(suppressed))) }
        if isFlapping { details.append(("flapping", "yes")) }
        if asksAcknowledgement { details.append(("acknowledgement", "asked for")) }
        if let acknowledgedBy { details.append(("acknowledged by", acknowledgedBy)) }
        return details.map { (name: $0.0, value: $0.1) }
    }
}
