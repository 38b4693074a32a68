import ErlangNode
import GenAPIGateway
import GenAPIValue

/// Reads what a gateway tells a service node of the request behind a call.
enum ServiceRequest {
  /// A `%Request{}`, as permission callbacks get it.
  static func request(_ term: Term?) -> Request? {
    guard let map = term?.map, let type = text(map, "request_type"), let service = text(map, "service") else {
      return nil
    }
    return Request(
      service: service, requestType: type, requestID: text(map, "request_id") ?? "",
      args: map[atom: "args"].map(TermValue.value)?.object ?? [:], userID: text(map, "user_id"),
      deviceID: text(map, "device_id"),
      userRoles: map[atom: "user_roles"]?.listElements?.compactMap(TermValue.text),
      version: text(map, "version"))
  }

  /// The request info that comes as the last argument: who asks, without the arguments.
  static func request(info map: TermMap, _ config: FunctionConfig) -> Request {
    Request(
      service: config.service, requestType: config.requestType, requestID: text(map, "request_id") ?? "",
      userID: text(map, "user_id"), deviceID: text(map, "device_id"), version: config.version)
  }

  private static func text(_ map: TermMap, _ name: ByteText) -> ByteText? { TermValue.text(map[atom: name]) }
}
