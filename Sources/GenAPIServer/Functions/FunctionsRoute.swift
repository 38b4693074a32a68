import GenAPIChannels
import GenAPIGateway
import GenAPIValue

/// Answers `GET /functions`: what can be called, with JSON Schemas of the arguments.
enum FunctionsRoute {
  static let path: ByteText = "/functions"

  /// The answer is made once a second at most, however many ask.
  static func route(of gateway: Gateway) -> HTTPRoute {
    let answers = AnswerCache(for: .seconds(1), clock: gateway.clock) { [gateway] in
      let schemas = gateway.configs.schemas(limits: gateway.configuration.argumentLimits)
      return HTTPAnswer(contentType: "application/json", body: schemas.jsonBytes)
    }
    return { _ in await answers.answer() }
  }
}
