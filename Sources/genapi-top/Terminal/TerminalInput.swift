import TopScreen

/// What came from the keyboard or the mouse, or that the size changed.
enum TerminalInput: Equatable {
  case key(Key)
  case mouse(MouseEvent)
  case resized
}
