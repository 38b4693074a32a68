/// Why a payload is no request.
public struct RequestError: Error, Equatable, CustomStringConvertible {
  /// What is wrong with a payload.
  public enum Code: String, Sendable {
    /// The payload is no object.
    case invalidPayload = "invalid_payload"
    /// A field that must be there is not.
    case missingField = "missing_field"
  }

  /// What is wrong.
  public var code: Code
  public var description: String
}
