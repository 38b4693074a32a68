/// Why a payload is no request.
public struct RequestError: Error, Equatable, CustomStringConvertible {
  public enum Code: String, Sendable {
    case invalidPayload = "invalid_payload"
    case missingField = "missing_field"
  }

  public var code: Code
  public var description: String
}
