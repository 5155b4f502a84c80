/// Hands a value to where the optimiser cannot follow, so that the work behind it is done.
@inline(never)
@_optimize(none)
func keep<Value>(_ value: borrowing Value) {}

/// An async call in which the optimiser cannot see what is called.
///
/// For one type of function only: a generic one would wrap it twice, and the wraps would be measured.
typealias AsyncCall = (_ value: Int) async throws -> Int

/// The same function, of which the optimiser knows nothing any more.
@inline(never)
@_optimize(none)
func opaque(_ call: @escaping AsyncCall) -> AsyncCall { call }
