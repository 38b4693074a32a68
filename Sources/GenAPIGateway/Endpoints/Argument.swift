import GenAPIValue

/// One argument of an endpoint: its name, its Swift type, and its bounds.
///
/// ```swift
/// Argument("user_id", String.self, maxBytes: 64)
/// Argument("limit", Int.self, default: 20)
/// ```
public struct Argument<Wrapped: ArgumentValue>: Sendable {
  public let name: ByteText
  /// What the config declares.
  public let spec: ArgumentSpec

  /// - Parameters:
  ///   - maxBytes: UTF-8 bytes of a string.
  ///   - maxItems: items of a list, keys of a map.
  ///   - maxItemBytes: UTF-8 bytes of a string within a list.
  ///   - required: keys a map must have.
  ///   - accept: the only keys a map may have.
  ///   - defaultValue: used when the argument is absent.
  public init(
    _ name: ByteText, _ type: Wrapped.Type = Wrapped.self, maxBytes: Int? = nil, maxItems: Int? = nil,
    maxItemBytes: Int? = nil, required: [ByteText] = [], accept: [ByteText]? = nil,
    default defaultValue: Wrapped? = nil
  ) {
    self.name = name
    var spec = Wrapped.argumentSpec
    spec.maxBytes = maxBytes
    spec.maxItems = maxItems
    spec.maxItemBytes = maxItemBytes
    spec.required = required
    spec.accept = accept
    spec.defaultValue = defaultValue?.argumentValue
    self.spec = spec
  }

  func read(_ arguments: ArgumentReader) throws(ArgumentError) -> Wrapped {
    try Wrapped(argument: arguments.next(), named: name)
  }
}

/// Hands out a call's arguments in their order.
final class ArgumentReader {
  private let arguments: [Value]
  private var position = 0

  init(_ arguments: [Value]) { self.arguments = arguments }

  func next() -> Value {
    defer { position += 1 }
    return position < arguments.count ? arguments[position] : .null
  }
}
