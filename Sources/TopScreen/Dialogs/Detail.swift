import OutsideText
import TopModel

/// What a page of details is about: a pane's file says it for the pane's rows.
protocol Detail: Equatable, Sendable {
  /// Gathers what the page shows beside the panes that are on the screen.
  func load(_ content: inout ScreenContent, _ source: PaneSource)
  /// Writes the page; nothing, when what it is about is gone.
  func write(_ page: inout DetailPage, _ content: ScreenContent)
  /// The details that Enter opens from here, of the line that is selected.
  func further(_ content: ScreenContent, selected: Int) -> DetailDialog.Subject?
}

extension Detail {
  func load(_ content: inout ScreenContent, _ source: PaneSource) {}
  func further(_ content: ScreenContent, selected: Int) -> DetailDialog.Subject? { nil }
}
