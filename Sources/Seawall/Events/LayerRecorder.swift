/// Hears what a layer decides, in causal order: a flight recorder, or a test.
///
/// It is called synchronously, outside every lock, by whoever caused the event, so it must be quick and must not call
/// back into the layer and wait for it.
public protocol LayerRecorder: Sendable {
    /// Takes one event.
    func record(_ event: LayerEvent)
}
