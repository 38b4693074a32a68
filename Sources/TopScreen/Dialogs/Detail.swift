import OutsideText
import TopModel

/// What a page of details is about: a pane's file says it for the pane's rows.
protocol Detail: Equatable, Sendable {
  /// Gathers what the page shows beside the panes that are on the screen.
  func load(_ content: inout ScreenContent, _ source: PaneSource)
  /// Writes the page, with the lines that lead further; nothing, when what it is about is gone.
  func write(_ page: inout DetailPage, _ content: ScreenContent)
  /// The filter's terms that narrow the screen to what it is about; none where no term does.
  func terms(_ content: ScreenContent) -> [FilterTermText]
}

extension Detail {
  func load(_ content: inout ScreenContent, _ source: PaneSource) {}
  func terms(_ content: ScreenContent) -> [FilterTermText] { [] }
}

/// A term of a filter: `service` and its value; without a key a word that is looked for in everything.
struct FilterTermText: Equatable, Sendable {
  var key: String
  var value: ByteText

  init(_ key: String, _ value: ByteText) {
    self.key = key
    self.value = value
  }
}
