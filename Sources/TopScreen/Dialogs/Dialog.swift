/// What lies over the panes.
package enum Dialog: Equatable, Sendable {
  case help(HelpDialog)
  case palette(PaletteDialog)
  case picker(PickerDialog)
  case detail(DetailDialog)
  case time(TimeDialog)
}

/// Every key, searchable.
package struct HelpDialog: Equatable, Sendable {
  package var query = LineEditor()
  package var offset = 0

  package init() {}
}
