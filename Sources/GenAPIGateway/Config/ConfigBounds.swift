import GenAPIValue

/// The bounds of a config, whatever door it comes in by: a file, a push, a pull, code.
package enum ConfigBounds {
  static let timeoutMs: ClosedRange<Int64> = 100...300_000
  static let hookTimeoutMs: ClosedRange<Int64> = 1...300_000
  static let retries = 1...100
  /// Bytes of a string, items of a list, keys of a map.
  static let argumentSize = 1...100_000_000
  static let arguments = 256
  static let nodes = 1_000
  /// Functions of one push, and of one answer to a pull.
  package static let functionsOfPush = 100_000
  /// Configs of one push or pull that cannot be read; with one more the rest is not looked at.
  package static let unreadable = 1_000
  /// Roles that may call, keys that a map must or may have.
  static let names = 1_000
  /// Bytes of what a config says of its function.
  static let description = 1_024
  /// Bytes of the whole as JSON: arguments of references and default values are values of any size.
  package static let bytes = 65_536

  /// Names nothing: empty, or blanks only.
  static func isBlank(_ name: ByteText) -> Bool {
    name.utf8.allSatisfy { $0 == UInt8(ascii: " ") || (9...13).contains($0) }
  }

  /// What is wrong with a name, in words that begin with its field; nil when it is right.
  static func fault(ofName name: ByteText, _ field: ByteText) -> ByteText? {
    if isBlank(name) { return "\(field) must be a non-empty string" }
    guard name.byteCount <= TextLimit.name else {
      return "\(field) has \(name.byteCount) bytes, allowed are \(TextLimit.name)"
    }
    return NameRule.fault(of: name, field)
  }

  /// The same of a list of names.
  static func faults(ofNames names: [ByteText], _ field: ByteText, most: Int) -> [ByteText] {
    let faults = boundFaults(ofNames: names, field, most: most)
    return faults.isEmpty ? NameRule.fault(ofOneOf: names, field).map { [$0] } ?? [] : faults
  }

  private static func boundFaults(ofNames names: [ByteText], _ field: ByteText, most: Int) -> [ByteText] {
    if names.count > most { return ["\(field) has \(names.count) names, allowed are \(most)"] }
    if names.contains(where: isBlank) { return ["\(field) must not hold an empty name"] }
    return names.first { $0.byteCount > TextLimit.name }.map {
      ["\(field) holds a name of \($0.byteCount) bytes, allowed are \(TextLimit.name)"]
    } ?? []
  }

  /// What is wrong with a list of nodes.
  static func faults(ofNodes names: [ByteText]) -> [ByteText] {
    let faults = boundFaults(ofNames: names, "nodes", most: nodes)
    guard faults.isEmpty else { return faults }
    guard let wrong = names.first(where: { !isNode($0) }) else { return [] }
    let words: ByteText =
      "nodes holds \"\(ByteText(wrong.cut(bytes: 64).shown))\", which is no name of a node: it must be name@host"
    return [words + (NameRule.hidden(in: wrong).map { ", without the character \($0)" } ?? "")]
  }

  /// Two halves with one `@` between them, and no character that is not seen: names stand in logs and on screens.
  static func isNode(_ name: ByteText) -> Bool {
    let halves = name.split(separator: UInt8(ascii: "@"))
    return halves.count == 2 && !halves.contains("") && name.byteCount <= 255
      && !name.utf8.contains(UInt8(ascii: " ")) && name.string.utf8.elementsEqual(name.shown.utf8)
      && NameRule.hidden(in: name) == nil
  }

  /// The same of a function's name, of which each part is a name. That of an endpoint is made of three, which are bounded by
  /// themselves.
  static func faults(of reference: FunctionReference, _ field: ByteText) -> [ByteText] {
    guard !isBlank(reference.module), !isBlank(reference.function) else {
      return ["\(field) must name a module and a function"]
    }
    let most =
      EndpointName.isOne(reference.name)
      ? EndpointName.mostBytes : (module: TextLimit.name, function: TextLimit.name)
    for (part, name, most) in [
      ("module", reference.module, most.module), ("function", reference.function, most.function),
    ] as [(ByteText, ByteText, Int)] where name.byteCount > most {
      return ["\(field) has a \(part) of \(name.byteCount) bytes, allowed are \(most)"]
    }
    return NameRule.fault(of: reference.name, field).map { [$0] } ?? []
  }
}
