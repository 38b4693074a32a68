import TopModel

/// The filter while it is edited.
public struct FilterLine: Equatable, Sendable {
  public var editor: LineEditor
  /// What is wrong with it now; the last good one is in force.
  public var problem: FilterError?
  /// To go back to on Esc.
  public let original: FilterExpression
  /// Where in the history, from the end; nil when typing.
  var historyIndex: Int?
  var completion: FilterCompletion?
  /// What can be typed behind a term, as it was when the line was opened.
  let values: FilterValues

  public init(_ filter: FilterExpression, names: ScreenNames = ScreenNames()) {
    values = FilterValues(names)
    original = filter
    editor = LineEditor(filter.text)
  }
}
