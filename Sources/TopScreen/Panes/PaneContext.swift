import GenAPITelemetry
import OutsideText
import TopModel

/// What every pane needs to know beside its data.
package struct PaneContext: Sendable {
  package var theme: Theme
  package var glyphs: GlyphSet
  package var settings: ViewSettings
  package var isFocused: Bool
  package var list: ListState
  /// Names of the columns wanted, in order; empty for all.
  package var columns: [String] = []
  /// The column that the rows are sorted by; nil for the usual order.
  package var sort: ColumnSort?
  /// The moment that rows are compared with, and how they differ from it; nil when they are not.
  package var mark: Int64?
  package var changes: [ByteText: RowChange]?
  /// The filter means service nodes, whose part of a function's numbers is not known.
  var narrowsToServiceNodes = false
  /// The moment shown is one of which nothing is known.
  var isNothingKept = false
  /// Seconds of the window that were watched; nil when that is not known.
  var watchedSeconds: Int?
  /// What no gateway tells.
  var unknown = UnknownState()
  /// The names of all gateways that are known, whether a row of theirs is seen or not; made only where names are cut.
  var gateways: [String] { targets.map { ($0.node ?? $0.address).shown } }
  /// All that are watched.
  var targets: [TargetView] = []
  /// Of the pane, frame included.
  var width = 0
  /// The moment shown, microseconds since the Unix epoch.
  package var at: Int64
  /// Seconds the wall clock is ahead of UTC.
  package var clockOffset: ClockOffset
  /// How old the newest numbers are when no gateway is connected; nil while one is.
  package var staleSeconds: Int64?
  /// Why there is nothing at all: no gateway has answered yet. nil once one has.
  package var connectionNote: String?

  package init(
    theme: Theme = .standard, glyphs: GlyphSet = .unicode, settings: ViewSettings = ViewSettings(),
    isFocused: Bool = false, list: ListState = ListState(), at: Int64 = 0, clockOffset: ClockOffset = 0,
    staleSeconds: Int64? = nil, connectionNote: String? = nil
  ) {
    self.theme = theme
    self.glyphs = glyphs
    self.settings = settings
    self.isFocused = isFocused
    self.list = list
    self.at = at
    self.clockOffset = clockOffset
    self.staleSeconds = staleSeconds
    self.connectionNote = connectionNote
  }

  func style(_ key: ThemeKey, bold: Bool = false) -> Style { theme.style(key, bold: bold) }

  /// `1m`; `2s of 1m` while the window fills, since rates and percentiles are over what was watched.
  var window: String {
    let label = settings.window.label
    guard let watchedSeconds, watchedSeconds < settings.window.seconds else { return label }
    return "\(TimeText.age(seconds: Int64(watchedSeconds))) of \(label)"
  }

  /// `used ▼`, for a pane whose rows have no head.
  var sortMark: [Span] {
    sort.map { [Span("\($0.column) \($0.isRising ? glyphs.ascending : glyphs.descending)", style(.accent))] }
      ?? []
  }

  var text: Style { theme.style(.text) }
  var muted: Style { theme.style(.muted) }

  /// Everything of a gateway that is silent is shown in the muted colour.
  func style(_ key: ThemeKey, stale: Bool) -> Style { stale ? muted : theme.style(key) }

  /// Whether numbers are those that gateways told last which are not heard, beside numbers of now: such are shown of none. Where
  /// nothing at all is newer they are all there is, and the header says how old.
  func isOld(_ isStale: Bool) -> Bool { isStale && staleSeconds == nil }

  func age(of time: Int64) -> String { TimeText.age(of: time, at: at) }
}
