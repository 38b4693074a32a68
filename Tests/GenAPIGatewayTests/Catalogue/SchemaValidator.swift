import GenAPIValue

@testable import GenAPIGateway

/// As much of JSON Schema, draft 2020-12, as the schemas of arguments use. Formats are annotations.
struct SchemaValidator {
  private let root: Value

  init(_ root: Value) { self.root = root }

  func takes(_ value: Value) throws -> Bool { try takes(value, root) }

  struct UnknownKeyword: Error { let keyword: ByteText }

  private func takes(_ value: Value, _ schema: Value) throws -> Bool {
    if let bool = schema.bool { return bool }
    guard let object = schema.object else { throw UnknownKeyword(keyword: "\(schema.json)") }
    for (keyword, word) in object where try !holds(keyword, word, object, value) { return false }
    return true
  }

  private func holds(_ keyword: ByteText, _ word: Value, _ schema: ValueObject, _ value: Value) throws -> Bool
  {
    switch keyword {
    case "$defs", "default", "format": return true
    case "$ref":
      guard let name = word.string?.dropping(prefix: "#/$defs/"), let target = root["$defs"]?[name] else {
        throw UnknownKeyword(keyword: keyword)
      }
      return try takes(value, target)
    case "type": return (word.array ?? [word]).contains { isOf($0.string ?? "", value) }
    case "enum": return word.array!.contains { Self.isSame($0, value) }
    case "pattern":
      guard let text = value.string else { return true }
      return try Regex(word.string?.string ?? "").firstMatch(in: text.string) != nil
    case "maxLength": return value.string.map { $0.string.unicodeScalars.count <= count(word) } ?? true
    case "maxItems": return value.array.map { $0.count <= count(word) } ?? true
    case "maxProperties": return value.object.map { $0.count <= count(word) } ?? true
    case "minimum": return value.double == nil || NumberRange(least: word).contains(value)
    case "maximum": return value.double == nil || NumberRange(most: word).contains(value)
    case "items": return try value.array?.allSatisfy { try takes($0, word) } ?? true
    case "required":
      return value.object.map { object in word.array!.allSatisfy { object[$0.string!] != nil } } ?? true
    case "properties":
      return try value.object?.allSatisfy { key, value in try word[key].map { try takes(value, $0) } ?? true }
        ?? true
    case "additionalProperties":
      let named = schema["properties"]
      return try value.object?.allSatisfy { key, value in try named?[key] != nil || takes(value, word) }
        ?? true
    default: throw UnknownKeyword(keyword: keyword)
    }
  }

  /// Numbers are equal by what they come to: 1 and 1.0.
  private static func isSame(_ one: Value, _ other: Value) -> Bool {
    one.canonicalText == other.canonicalText && one.kind == other.kind
  }

  private func count(_ word: Value) -> Int { Int(word.int ?? -1) }

  private func isOf(_ type: ByteText, _ value: Value) -> Bool {
    guard type == "integer" else { return type == ByteText(value.kind) }
    if case .double(let double) = value { return double.rounded() == double }
    return value.double != nil
  }
}
