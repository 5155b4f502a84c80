/// The grant of one who has waited, in a place of its own.
///
/// A grant is large: handed on by itself it would take room in every frame of every task that waits.
final class TurnCome: Sendable {
    let grant: Grant

    init(_ grant: Grant) { self.grant = grant }
}
