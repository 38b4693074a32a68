/// What a colour is for. The raw value is the key in a theme file.
package enum ThemeKey: String, CaseIterable, Sendable {
  case background
  case text
  case muted
  case border
  case borderFocused = "border_focused"
  case title
  case accent
  case ok
  case warn
  case critical
  case selection
  case selectionText = "selection_text"
  case header
  case headerText = "header_text"
  case key
  case p50
  case p95
  case p99
  case graphLow = "graph_low"
  case graphMiddle = "graph_middle"
  case graphHigh = "graph_high"
  case heatLow = "heat_low"
  case heatMiddle = "heat_middle"
  case heatHigh = "heat_high"

  /// Where a theme without a colour for it uses an attribute of the terminal instead.
  var attribute: Attribute? {
    switch self {
    case .muted, .border: .dim
    case .title, .accent, .warn, .critical, .borderFocused, .headerText, .key: .bold
    case .selection: .reversed
    default: nil
    }
  }

  enum Attribute {
    case bold, dim, reversed
  }
}
