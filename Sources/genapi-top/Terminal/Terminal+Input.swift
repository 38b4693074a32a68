import CNCurses
import Foundation
import TopScreen

extension Terminal {
  /// More keys than a hand presses between two looks; the rest of a paste is read at the next.
  static let mostInputsAtOnce = 256

  /// Everything typed or clicked since the last call; never waits, but for the 25 ms that tell a lone Esc from
  /// the start of a key's sequence.
  func readInputs() -> [TerminalInput] {
    var inputs: [TerminalInput] = []
    while inputs.count < Self.mostInputsAtOnce, let (code, isFunction) = read() {
      if isFunction {
        if let input = functionKey(code) { inputs.append(input) }
      } else if code == 27 {
        inputs += afterEscape()
      } else if let key = Self.key(code) {
        inputs.append(.key(key))
      }
    }
    return inputs
  }

  private func read() -> (code: UInt32, isFunction: Bool)? {
    var code: wint_t = 0
    switch nc_read(&code) {
    case nc_ok(): return (UInt32(code), false)
    case nc_key_code_yes(): return (UInt32(code), true)
    default: return nil
    }
  }

  /// Reads a sequence that ncurses did not: a key or a click whose bytes came more than 25 ms apart, as they do over
  /// a slow network or from a busy system. One that is neither (a late answer of the terminal, a key of another make)
  /// is swallowed, so that its bytes do not act as keys. At most 256 bytes.
  private func afterEscape() -> [TerminalInput] {
    guard let (code, isFunction) = read() else { return [.key(Key(.escape))] }
    if isFunction { return [.key(Key(.escape))] + (functionKey(code).map { [$0] } ?? []) }
    switch code {
    case UInt32(UInt8(ascii: "[")), UInt32(UInt8(ascii: "O")):
      var sequence = code == UInt32(UInt8(ascii: "[")) ? "[" : "O"
      for _ in 0..<256 {
        guard let next = read(), !next.isFunction, let scalar = Unicode.Scalar(next.code) else { break }
        sequence.unicodeScalars.append(scalar)
        if (0x40...0x7E).contains(next.code) { break }
      }
      if let event = MouseEvent(report: sequence) { return [.mouse(event)] }
      let known = KeySequences.all.first { $0.sequence.dropFirst() == sequence }
      return known.flatMap { Self.functionKeys[$0.key] }.map { [.key($0)] } ?? []
    case UInt32(UInt8(ascii: "]")), UInt32(UInt8(ascii: "P")):
      for _ in 0..<256 {
        guard let next = read(), !next.isFunction, next.code != 7, next.code != 27 else { break }
      }
      return []
    case 27:
      return [.key(Key(.escape)), .key(Key(.escape))]
    default:
      return [.key(Key(.escape))] + (Self.key(code).map { [.key($0)] } ?? [])
    }
  }

  private func functionKey(_ code: UInt32) -> TerminalInput? {
    let code = Int32(bitPattern: code)
    if code == KEY_RESIZE { return .resized }
    if code == KEY_MOUSE { return mouse() }
    return Self.functionKeys[code].map { .key($0) }
  }

  private func mouse() -> TerminalInput? {
    var event = MEVENT()
    guard getmouse(&event) == nc_ok() else { return nil }
    let button: MouseEvent.Button
    switch nc_mouse_button(&event) {
    case 1: button = .left
    case 2: button = .middle
    case 3: button = .right
    case 4: button = .wheelUp
    case 5: button = .wheelDown
    default: return nil
    }
    return .mouse(MouseEvent(button, column: Int(event.x), row: Int(event.y)))
  }

  /// A character; control characters are the key with Ctrl, but for those with a key of their own.
  static func key(_ code: UInt32) -> Key? {
    switch code {
    case 8, 127: return Key(.backspace)
    case 9: return Key(.tab)
    case 10, 13: return Key(.enter)
    case 27: return Key(.escape)
    case 1...26:
      return Unicode.Scalar(code + 96).map { Key(.character(Character($0)), control: true) }
    case 0...31: return nil
    default:
      return Unicode.Scalar(code).map { Key(.character(Character($0))) }
    }
  }

  static let functionKeys: [Int32: Key] = {
    var keys: [Int32: Key] = [
      KEY_UP: Key(.up), KEY_DOWN: Key(.down), KEY_LEFT: Key(.left),
      KEY_RIGHT: Key(.right),
      KEY_SR: Key(.up, shift: true), KEY_SF: Key(.down, shift: true),
      KEY_SLEFT: Key(.left, shift: true), KEY_SRIGHT: Key(.right, shift: true),
      KEY_HOME: Key(.home), KEY_END: Key(.end), KEY_SHOME: Key(.home, shift: true),
      KEY_SEND: Key(.end, shift: true), KEY_PPAGE: Key(.pageUp), KEY_NPAGE: Key(.pageDown),
      KEY_BTAB: Key(.tab, shift: true), KEY_ENTER: Key(.enter), KEY_BACKSPACE: Key(.backspace),
      KEY_DC: Key(.delete), KEY_IC: Key(.insert),
    ]
    for number in 1...12 { keys[KEY_F0 + Int32(number)] = Key(.function(number)) }
    return keys
  }()
}
