/// What lies over the panes.
public enum Dialog: Equatable, Sendable {
  case help(HelpDialog)
  case palette(PaletteDialog)
  case picker(PickerDialog)
  case detail(DetailDialog)
}

/// Every key, searchable.
public struct HelpDialog: Equatable, Sendable {
  public var query = LineEditor()
  public var offset = 0

  public init() {}
}
