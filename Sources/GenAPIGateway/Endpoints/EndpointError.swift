import GenAPIValue

/// Why an endpoint could not be made.
public enum EndpointError: Error, Equatable, CustomStringConvertible {
  /// The fields of a `Codable` type could not be found out by decoding it from made-up values.
  case unreadableType(requestType: ByteText, type: ByteText, reason: ByteText)
  /// An argument states bounds of a field that the type does not have.
  case noSuchField(requestType: ByteText, type: ByteText, argument: ByteText, fields: [ByteText])
  /// An argument states bounds of a field as if it were of another type.
  case otherFieldType(requestType: ByteText, argument: ByteText, declared: ArgumentType, field: ArgumentType)

  public var description: String { text.shown }

  /// Names as they were written, which may have control characters.
  private var text: String {
    switch self {
    case .unreadableType(let requestType, let type, let reason):
      "the arguments of \(requestType) cannot be read off \(type): \(reason); give a value of it as the example, or "
        + "declare them one by one with Argument(\"name\", Type.self) instead"
    case .noSuchField(let requestType, let type, let argument, let fields):
      "\(requestType): \(type) has no field \"\(argument)\" to state bounds of; it has \(fields.joined(separator: ", "))"
    case .otherFieldType(let requestType, let argument, let declared, let field):
      "\(requestType): the field \"\(argument)\" is a \(field.rawValue), and its bounds are of a \(declared.rawValue)"
    }
  }
}

extension ArgumentError {
  /// What of a decoding's failure the client may read: where in the arguments, and what was wrong.
  ///
  /// - Parameter argument: the one that was decoded; nil when all were decoded at once.
  init(_ error: any Error, in argument: ByteText? = nil) {
    guard let error = error as? DecodingError else {
      self.init(argument.map { "argument \"\($0)\" does not have the declared form" } ?? Self.wrongForm)
      return
    }
    let context: DecodingError.Context
    var path: [any CodingKey]
    var missing: (any CodingKey)?
    switch error {
    case .typeMismatch(_, let found), .valueNotFound(_, let found), .dataCorrupted(let found):
      (context, path) = (found, found.codingPath)
    case .keyNotFound(let key, let found):
      (context, path, missing) = (found, found.codingPath, key)
    @unknown default:
      self.init(Self.wrongForm)
      return
    }
    var reason = "it is not valid"
    if let own = context.underlyingError as? ArgumentError {
      // An initialiser that validates says so what the client may read.
      if !own.description.isEmpty { reason = own.description }
    } else if context.underlyingError is PlainWords {
      reason = missing == nil ? context.debugDescription : "the field is missing"
      path += missing.map { [$0] } ?? []
    }
    let parts: [PlaceText.Part] = (argument.map { [.key($0.string)] } ?? []) + path.map(PlaceText.Part.init)
    let place = ByteText(PlaceText.path(parts))
    let text = ByteText(reason).cut(bytes: 500)
    self.init(place.isEmpty ? "the arguments: \(text)" : "argument \"\(place)\": \(text)")
  }

  private static let wrongForm: ByteText = "the arguments do not have the declared form"
}
