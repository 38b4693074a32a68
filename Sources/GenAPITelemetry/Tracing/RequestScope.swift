import Tracing

/// The `ServiceContext` in which everything of a request runs: its function, hooks and callbacks.
package struct RequestScope: Sendable {
  let context: ServiceContext

  /// That of the task which asks; nil when it has none.
  package static var current: RequestScope? { ServiceContext.current.map { RequestScope(context: $0) } }

  package func run<Answer>(_ body: () throws -> Answer) rethrows -> Answer {
    try ServiceContext.withValue(context, operation: body)
  }

  package nonisolated(nonsending) func run<Answer>(
    _ body: nonisolated(nonsending) () async throws -> Answer
  ) async rethrows -> Answer {
    try await ServiceContext.$current.withValue(context) { try await body() }
  }
}

extension TraceContext {
  /// What the program's tracer makes of it; nil when it has none, or cannot read it.
  package var scope: RequestScope? {
    var context = ServiceContext.current ?? .topLevel
    InstrumentationSystem.instrument.extract(self, into: &context, using: TraceCarrier())
    return context.isEmpty ? nil : RequestScope(context: context)
  }
}
