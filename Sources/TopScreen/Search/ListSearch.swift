import TopModel

/// A text that is looked for in the rows of a pane or the lines of a page.
package struct ListSearch: Equatable, Sendable {
  package var editor = LineEditor()
  /// The text is typed; afterwards `n` and `N` go from one place to the next.
  package var isTyping = true
  /// The places that have the text, and the number of the one that is shown, from 0.
  var count = 0
  var place = 0
  /// Of a page: the line that is shown.
  var line: Int?
  /// Where it looks: with so many dialogs over this pane.
  let pane: PaneKind
  let depth: Int
  /// How it was before, for who leaves with Esc while typing.
  let list: ListState
  let isFollowing: Bool
  let detail: DetailDialog?

  init(_ state: ScreenState) {
    pane = state.focus
    depth = state.dialogs.count
    list = state[list: state.focus]
    isFollowing = state.isFollowing
    if case .detail(let top)? = state.dialogs.last { detail = top } else { detail = nil }
  }

  /// What is looked for is still on top.
  func isOn(_ state: ScreenState) -> Bool { state.dialogs.count == depth && state.focus == pane }

  /// `3 of 12`, `no match`.
  var standing: String {
    editor.text.isEmpty ? "" : count == 0 ? "no match" : "\(place + 1) of \(count)"
  }
}
