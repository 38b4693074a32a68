import TopScreen

/// What the terminal sent.
enum TerminalInput: Equatable {
  case key(Key)
  case mouse(MouseEvent)
  /// Text that was pasted, not typed: it runs nothing.
  case pasted(String)
  /// What the terminal says its clipboard holds, in Base64.
  case clipboard(String)
  /// The terminal told what it is, which it was asked behind another question.
  case attributes
}
