import TopModel

/// What the screen asks of the program around it.
package enum ScreenAction: Equatable, Sendable {
  case quit
  /// To push to the gateways; the screen's own settings have it already.
  case filterChanged(FilterExpression)
  /// To the terminal's clipboard.
  case copy(String)
  /// Pictures of the screen as files, with the command that shows it again.
  case share
  /// The theme of this name is wanted.
  case themeChanged(String)
  case toggleRecording
  /// To be read at the next start.
  case saveLayout
  /// Multiplies the speed of a replay.
  case replaySpeed(Double)
  /// Reads a recording on, or again, up to this moment, in microseconds since the Unix epoch.
  case replaySeek(to: Int64)
  case bell
  /// Forget what is on the terminal and draw it all.
  case redraw
}
