import GenAPIGateway
import GenAPIValue

/// What load balancers and supervisors ask.
enum HealthRoutes {
  static let livePath: ByteText = "/livez"
  static let readyPath: ByteText = "/readyz"
  static let reportPath: ByteText = "/healthz"

  /// The process works: whoever asks is answered by its event loops and its tasks.
  static let live: HTTPRoute = { _ in HTTPAnswer(text: "ok") }

  static func ready(_ readiness: Readiness) -> HTTPRoute {
    { _ in
      guard let fault = readiness.fault else { return HTTPAnswer(text: "ok") }
      return HTTPAnswer(status: 503, text: fault)
    }
  }

  /// All that there is to say, always with 200: what it says is for people and alerts. Made at most ten times a second.
  ///
  /// - Parameter more: checks of parts that the gateway itself does not know.
  static func report(
    _ gateway: Gateway, _ readiness: Readiness, more: @escaping @Sendable () -> [HealthCheck]
  ) -> HTTPRoute {
    let cache = AnswerCache(for: .milliseconds(100), clock: gateway.clock, mark: { readiness.mark }) {
      [weak gateway] in
      guard let gateway else { return HTTPAnswer(status: 503, text: "the gateway has stopped") }
      guard let value = try? ValueEncoder().encode(gateway.health().adding(more())) else {
        return HTTPAnswer(status: 500, text: "the report cannot be written")
      }
      return HTTPAnswer(contentType: "application/json", body: value.jsonBytes + [10])
    }
    return { _ in await cache.answer() }
  }
}
