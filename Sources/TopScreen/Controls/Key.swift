/// A key as a person pressed it.
package struct Key: Hashable, Sendable {
  package enum Code: Hashable, Sendable {
    case character(Character)
    case enter, escape, tab, backspace, delete, insert
    case up, down, left, right, home, end, pageUp, pageDown
    /// 1 … 12.
    case function(Int)
  }

  package var code: Code
  package var isShifted: Bool
  package var isControl: Bool

  package init(_ code: Code, shift: Bool = false, control: Bool = false) {
    self.code = code
    isShifted = shift
    isControl = control
  }

  package static func character(_ character: Character) -> Key { Key(.character(character)) }
  package static func control(_ character: Character) -> Key { Key(.character(character), control: true) }
}

extension Key {
  /// From a configuration file: `q`, `S`, `ctrl-l`, `space`, `f5`, `shift-left`; nil when it is no key.
  package init?(name: String) {
    var rest = name[...]
    var shift = false
    var control = false
    while true {
      if rest.count > 5, rest.lowercased().hasPrefix("ctrl-") {
        control = true
        rest = rest.dropFirst(5)
      } else if rest.count > 6, rest.lowercased().hasPrefix("shift-") {
        shift = true
        rest = rest.dropFirst(6)
      } else {
        break
      }
    }
    if rest.count == 1, let character = rest.first {
      self.init(.character(character), shift: shift, control: control)
      return
    }
    let word = rest.lowercased()
    if let code = Self.named.first(where: { $0.name == word })?.code {
      self.init(code, shift: shift, control: control)
    } else if word.hasPrefix("f"), let number = Int(word.dropFirst()), (1...12).contains(number) {
      self.init(.function(number), shift: shift, control: control)
    } else {
      return nil
    }
  }

  /// As a configuration file writes it.
  package var name: String {
    let base: String
    switch code {
    case .character(" "): base = "space"
    case .character(let character): base = String(character)
    case .function(let number): base = "f\(number)"
    default: base = Self.named.first { $0.code == code }?.name ?? ""
    }
    return (isControl ? "ctrl-" : "") + (isShifted ? "shift-" : "") + base
  }

  /// As help shows it: `q`, `^L`, `␣`, `⇧←`.
  package var label: String {
    let base: String
    switch code {
    case .character(" "): base = "␣"
    case .character(let character): base = isControl ? character.uppercased() : String(character)
    case .function(let number): base = "F\(number)"
    case .left: base = "←"
    case .right: base = "→"
    case .up: base = "↑"
    case .down: base = "↓"
    default: base = Self.named.first { $0.code == code }?.label ?? "?"
    }
    return (isControl ? "^" : "") + (isShifted ? "Shift-" : "") + base
  }

  private static let named: [(name: String, code: Code, label: String)] = [
    ("space", .character(" "), "␣"), ("enter", .enter, "Enter"), ("esc", .escape, "Esc"),
    ("tab", .tab, "Tab"), ("backspace", .backspace, "Backspace"), ("delete", .delete, "Del"),
    ("insert", .insert, "Ins"), ("up", .up, "↑"), ("down", .down, "↓"), ("left", .left, "←"),
    ("right", .right, "→"), ("home", .home, "Home"), ("end", .end, "End"), ("pageup", .pageUp, "PgUp"),
    ("pagedown", .pageDown, "PgDn"),
  ]
}
