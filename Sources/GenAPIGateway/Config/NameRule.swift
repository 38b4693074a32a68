import GenAPIValue

/// What a name may have in it: of a service, a request type, a version, an argument, a role, a function, a node or a group, whichever door it
/// comes in by. Names stand in logs, on screens and in the words of refusals, where one that ends a line, hides or reorders what
/// is around it, or looks like another, is a lie.
package enum NameRule {
  /// What is wrong with the characters of a name, in words that begin with its field; nil when nothing is.
  package static func fault(of name: ByteText, _ field: ByteText) -> ByteText? {
    hidden(in: name).map { "\(field) must not have the character \($0): \(reason)" }
  }

  /// The same of a list of names.
  static func fault(ofOneOf names: [ByteText], _ field: ByteText) -> ByteText? {
    for name in names {
      if let hidden = hidden(in: name) {
        return "\(field) must not hold a name with the character \(hidden): \(reason)"
      }
    }
    return nil
  }

  private static let reason = "it is not seen, or is a blank other than the space" as ByteText

  /// The first such character, as `U+2028`.
  static func hidden(in name: ByteText) -> ByteText? {
    if name.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return nil }
    guard let scalar = name.string.unicodeScalars.first(where: { $0.isHidden || isOtherBlank($0) }) else {
      return nil
    }
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return ByteText("U+" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits)
  }

  private static func isOtherBlank(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory == .spaceSeparator && scalar != " "
  }
}
