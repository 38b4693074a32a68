/// The error a span records for an exception event.
struct TracedFailure: Error, CustomStringConvertible {
  let description: String

  init(_ failure: Failure) { description = "\(failure.kind): \(failure.reason)" }
}
