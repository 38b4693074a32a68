import TopModel

/// The filter while it is edited.
package struct FilterLine: Equatable, Sendable {
  package var editor: LineEditor
  /// What is wrong with it now; the last good one is in force.
  package var problem: FilterError?
  /// To go back to on Esc.
  package let original: FilterExpression
  /// Where in the history, from the end; nil when typing.
  var historyIndex: Int?
  var completion: FilterCompletion?
  /// What can be typed behind a term, as it was when the line was opened.
  let values: FilterValues

  package init(_ filter: FilterExpression, names: ScreenNames = ScreenNames()) {
    values = FilterValues(names)
    original = filter
    editor = LineEditor(filter.text)
  }
}
