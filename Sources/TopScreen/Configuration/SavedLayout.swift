import OutsideText
import TopModel

/// How the screen is arranged, as a file that the program writes and reads at its next start, after what a person configured.
package enum SavedLayout {
  /// Begins every such file. One that begins otherwise somebody else wrote.
  package static let heading = "# Written by genapi-top, and anew each time its layout is saved."

  /// `config.toml` has its layout in `config.layout.toml`.
  package static func path(beside configuration: String) -> String {
    (configuration.hasSuffix(".toml") ? String(configuration.dropLast(5)) : configuration) + ".layout.toml"
  }

  /// The file's text.
  ///
  /// - Parameter started: what the program began with: of it only what can be changed on the screen is written.
  package static func text(_ state: ScreenState, started: Configuration) -> String {
    var lines = ConfigurationLines(origins: nil)
    // What was never changed goes on following the configuration.
    if state.themeName != started.theme || started.savedTheme { lines.add("theme", state.themeName) }
    lines.add("window", state.settings.window.configurationName)
    var layout = Configuration.LayoutConfiguration()
    layout.hidden = state.hidden
    layout.focus = state.focus
    layout.isZoomed = state.isZoomed
    layout.circuits = state.settings.circuitView
    layout.latency = state.settings.latencyMode
    // What only nodes have is no order of functions, which a dashboard begins with.
    layout.sort = state.settings.requestSort == .failovers ? .worst : state.settings.requestSort
    layout.isReversed = state.settings.isSortReversed && layout.sort == state.settings.requestSort
    lines.add(layout)
    let columns = PaneKind.allCases.filter { state.columns[$0] != nil || started.columns[$0] != nil }
    if !columns.isEmpty { lines.open("columns") }
    for pane in columns { lines.add("columns." + pane.key, list: state.columns[pane] ?? pane.columnNames) }
    let sorts = PaneKind.sortable.filter { state.sorts[$0] != nil || started.sorts[$0] != nil }
    if !sorts.isEmpty { lines.open("sort") }
    for pane in sorts {
      lines.add(
        "sort." + pane.key,
        state.sorts[pane].flatMap { $0.column == RowChange.column ? nil : $0.text } ?? ColumnSort.usual)
    }
    return """
      \(heading)
      # What is written here by hand is lost then: config.toml is for that. Without this file all is as config.toml says.

      \(lines.text)
      """
  }

  /// Whether a file may be written anew: it is empty, or begins as those do that the program wrote.
  package static func isOurs(_ text: some Collection<UInt8>) -> Bool {
    text.isEmpty || text.starts(with: heading.utf8)
  }
}

extension Configuration {
  /// Takes a saved layout, which may say nothing else, over what was configured.
  ///
  /// - Throws: `DashboardConfigurationError`; then nothing of it is taken.
  package mutating func apply(savedLayout text: String, file: String) throws(DashboardConfigurationError) {
    var changed = self
    try changed.read(text, file: file, allowing: ["theme", "window", "layout", "columns", "sort"])
    changed.savedTheme = changed.theme != theme || changed.origins["theme"] != origins["theme"]
    self = changed
  }
}
