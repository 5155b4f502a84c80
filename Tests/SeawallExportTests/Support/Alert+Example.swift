import SeawallAlerts
import SeawallTime

extension Alert {
    static func example(
        _ event: AlertEvent = .begin, message: String = "Orders fail: \"503\" <!channel> & more"
    ) -> Alert {
        var alert = Alert(
            episode: "alert-3.7", event: event, severity: .critical, code: "breaker_open", message: message,
            causes: ["failure_rate"], scope: "breaker:orders", at: MonotonicInstant(nanoseconds: 5_000_000_000),
            civil: CivilInstant(millisecondsSinceEpoch: 1_700_000_000_000))
        if event == .end {
            alert.duration = .milliseconds(90_500)
            alert.suppressed = 4
        }
        return alert
    }
}
