/// What lies over the panes.
package enum Dialog: Equatable, Sendable {
  case help(HelpDialog)
  case palette(PaletteDialog)
  case picker(PickerDialog)
  case detail(DetailDialog)
}

/// Every key, searchable.
package struct HelpDialog: Equatable, Sendable {
  package var query = LineEditor()
  package var offset = 0

  package init() {}
}
