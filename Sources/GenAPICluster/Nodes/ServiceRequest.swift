import ErlangNode
import GenAPIGateway
import GenAPITelemetry
import GenAPIValue

/// Reads what a gateway tells a service node of the request behind a call.
enum ServiceRequest {
  /// A `%Request{}`, as permission callbacks get it.
  static func request(_ term: Term?) -> Request? {
    guard let map = term?.map, let type = text(map, "request_type"), let service = text(map, "service") else {
      return nil
    }
    return withIdentifiers(
      Request(
        service: service, requestType: type, requestID: "",
        args: map[atom: "args"].map(TermValue.value)?.object ?? [:], userID: text(map, "user_id"),
        userRoles: map[atom: "user_roles"]?.listElements?.compactMap(TermValue.text),
        version: text(map, "version")), map)
  }

  /// The request info that comes as the last argument: who asks, without the arguments.
  static func request(info map: TermMap, _ config: FunctionConfig) -> Request {
    withIdentifiers(
      Request(
        service: config.service, requestType: config.requestType, requestID: "", userID: text(map, "user_id"),
        version: config.version), map)
  }

  /// The request with the ids that its client chose: text, or numbers.
  private static func withIdentifiers(_ request: Request, _ map: TermMap) -> Request {
    func identifier(_ name: ByteText) -> Identifier? {
      let found = Request.identifier(map[atom: name].map(TermValue.value))
      return found.flatMap { $0.text.byteCount <= TextLimit.name ? $0 : nil }
    }
    var request = request
    if let id = identifier("request_id") {
      request.requestID = id.text
      request.hasNumericID = id.isNumber
    }
    if let device = identifier("device_id") {
      request.deviceID = device.text
      request.hasNumericDeviceID = device.isNumber
    }
    if let parent = map[atom: "traceparent"].flatMap(TermValue.text) {
      request.trace = TraceContext(parent: parent, state: map[atom: "tracestate"].flatMap(TermValue.text))
    }
    return request
  }

  /// nil for what is longer than a name, too.
  private static func text(_ map: TermMap, _ name: ByteText) -> ByteText? {
    TermValue.text(map[atom: name]).flatMap { $0.byteCount <= TextLimit.name ? $0 : nil }
  }
}
