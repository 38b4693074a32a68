import GenAPIValue

/// How large a message is, without writing it.
enum RelayMessageSize {
  /// True when the value takes more than `maximum` bytes as JSON, escapes not counted. Stops counting there,
  /// so it looks at no more than `maximum` values. Nesting deeper than 128 is too large as well.
  static func exceeds(_ value: Value, maximum: Int) -> Bool {
    var left = maximum
    return !take(value, &left, depth: 0)
  }

  private static func take(_ value: Value, _ left: inout Int, depth: Int) -> Bool {
    if depth > 128 { return false }
    switch value {
    case .null, .bool: left -= 4
    case .int, .double: left -= 8
    case .wideInteger(let integer): left -= integer.digits.byteCount
    case .string(let text): left -= text.utf8.count + 2
    case .bytes(let bytes): left -= bytes.count / 3 * 4 + 2
    case .array(let elements):
      left -= 2 + elements.count
      for element in elements where left < 0 || !take(element, &left, depth: depth + 1) { return false }
    case .object(let fields):
      left -= 2 + fields.count
      for (key, field) in fields {
        left -= key.utf8.count + 3
        if left < 0 || !take(field, &left, depth: depth + 1) { return false }
      }
    }
    return left >= 0
  }
}
