import OutsideText

/// What is wrong with the keys of a configuration file.
package enum KeyMapError: Error, Equatable, CustomStringConvertible {
  case unknownCommand(String)
  case unknownKey(String, command: String)
  case takenTwice(String, String, String)

  package var description: String {
    switch self {
    case .unknownCommand(let name):
      "keys: there is no command \(name.shown); there are "
        + Command.allCases.map(\.rawValue).joined(separator: ", ")
    case .unknownKey(let key, let command):
      "keys.\(command): \"\(key.shown)\" is no key; keys are single characters, space, enter, esc, tab, "
        + "backspace, delete, insert, up, down, left, right, home, end, pageup, pagedown, f1 to f12, with "
        + "ctrl- or shift- before them"
    case .takenTwice(let key, let one, let other):
      "keys: \"\(key.shown)\" cannot do both \(one) and \(other)"
    }
  }
}
