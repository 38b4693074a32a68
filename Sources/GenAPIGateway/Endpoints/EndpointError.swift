import GenAPIValue

/// Why an endpoint could not be made.
public enum EndpointError: Error, Equatable, CustomStringConvertible {
  /// The fields of a `Codable` type could not be found out by decoding it from made-up values.
  case unreadableType(requestType: ByteText, type: ByteText, reason: ByteText)

  public var description: String {
    switch self {
    case .unreadableType(let requestType, let type, let reason):
      "the arguments of \(requestType) cannot be read off \(type): \(reason); declare them one by one with "
        + "Argument(\"name\", Type.self) instead"
    }
  }
}

extension DecodingError {
  /// Where in the arguments, and what was wrong.
  var fieldAndReason: ByteText {
    let context: Context
    switch self {
    case .typeMismatch(_, let found), .valueNotFound(_, let found), .dataCorrupted(let found): context = found
    case .keyNotFound(let key, let found):
      context = Context(
        codingPath: found.codingPath + [key], debugDescription: "the field is missing",
        underlyingError: nil)
    @unknown default: return "the arguments do not have the declared form"
    }
    let path = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }
      .joined(separator: ".").replacing(".[", with: "[")
    return "argument \"\(path)\": \(context.debugDescription)"
  }
}
