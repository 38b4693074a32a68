/// What came from the keyboard or the mouse, or that the size changed.
enum TerminalInput: Equatable {
  case key(KeyPress)
  case mouse(MousePress)
  case resized
}

/// One key as the terminal sends it.
struct KeyPress: Equatable {
  enum Code: Equatable {
    case character(Character)
    case enter, escape, tab, backspace, delete, insert
    case up, down, left, right, home, end, pageUp, pageDown
    /// 1 … 12.
    case function(Int)
  }

  var code: Code
  var isShifted = false
  var isControl = false

  init(_ code: Code, shift: Bool = false, control: Bool = false) {
    self.code = code
    isShifted = shift
    isControl = control
  }
}

/// A press of a button or a turn of the wheel; column and row count from 0 at the top left.
struct MousePress: Equatable {
  enum Button: Equatable {
    case left, middle, right, wheelUp, wheelDown
  }

  var button: Button
  var column: Int
  var row: Int
}
