extension Term {
  /// As Erlang prints it, cut after some 1 000 characters.
  public var erlangText: String {
    var text = ""
    Self.append(self, to: &text, depth: 0)
    return text
  }

  private static let longest = 1_000

  private static func append(_ term: Term, to text: inout String, depth: Int) {
    guard text.utf8.count < longest, depth < 32 else {
      if !text.hasSuffix("...") { text += "..." }
      return
    }
    switch term {
    case .integer(let value): text += String(value)
    case .bigInteger(let value): text += value.decimal() ?? "<integer of \(value.magnitude.count) bytes>"
    case .float(let value): text += "\(value)"
    case .atom(let name): text += quoted(name.string)
    case .tuple(let elements): appendList(elements, "{", "}", &text, depth)
    case .list(let elements): appendList(elements, "[", "]", &text, depth)
    case .improperList(let elements, let tail):
      appendList(elements, "[", "|", &text, depth)
      append(tail, to: &text, depth: depth + 1)
      text += "]"
    case .binary(let bytes):
      if let string = String(validating: bytes, as: UTF8.self) {
        text += "<<\"\(escaped(string.cut(bytes: longest), quote: "\""))\">>"
      } else {
        text += "<<\(bytes.count) bytes>>"
      }
    case .bitString(let bytes, _): text += "<<\(bytes.count) bytes>>"
    case .map(let map):
      text += "#{"
      for (index, pair) in map.pairs.enumerated() {
        if index > 0 { text += "," }
        append(pair.key, to: &text, depth: depth + 1)
        text += " => "
        append(pair.value, to: &text, depth: depth + 1)
        guard text.utf8.count < longest else {
          if index + 1 < map.pairs.count { text += ",..." }
          break
        }
      }
      text += "}"
    case .pid(let pid): text += "<\(pid.node).\(pid.id).\(pid.serial)>"
    case .port(let port): text += "#Port<\(port.node).\(port.id)>"
    case .reference(let reference): text += "#Ref<\(reference.node)>"
    case .export(let module, let function, let arity):
      text += "fun \(quoted(module.string)):\(quoted(function.string))/\(arity)"
    case .opaqueFun: text += "#Fun"
    }
  }

  private static func appendList(
    _ elements: [Term], _ open: String, _ close: String, _ text: inout String, _ depth: Int
  ) {
    text += open
    for (index, element) in elements.enumerated() {
      if index > 0 { text += "," }
      append(element, to: &text, depth: depth + 1)
      guard text.utf8.count < longest else {
        if index + 1 < elements.count { text += ",..." }
        break
      }
    }
    text += close
  }

  private static func quoted(_ name: String) -> String {
    let isPlain =
      name.unicodeScalars.first.map { ("a"..."z").contains($0) } ?? false
      && name.unicodeScalars.allSatisfy {
        ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0) || $0 == "_"
          || $0 == "@"
      }
    return isPlain ? name : "'\(escaped(name, quote: "'"))'"
  }

  /// The text with the escapes of Erlang for what is not to be seen: the text of a term goes into logs and onto screens.
  private static func escaped(_ text: String, quote: Unicode.Scalar) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      case "\\", quote: result += "\\\(scalar)"
      default:
        if scalar.isVisible || scalar == " " {
          result.unicodeScalars.append(scalar)
        } else {
          result += "\\x{" + String(scalar.value, radix: 16, uppercase: true) + "}"
        }
      }
    }
    return result
  }
}
