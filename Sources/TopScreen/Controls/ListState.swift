import GenAPIValue
import OutsideText
import TopModel

/// What is selected in a list and how far it is scrolled. The selection holds on to the row, not to its place,
/// so that it stays put while the rows around it are sorted anew.
package struct ListState: Equatable, Sendable {
  /// The selected row's identity; nil before the first move.
  package var selectedID: ByteText?
  /// Where it was when it was last seen; the selection falls back here when the row has gone.
  package var index = 0
  /// The first row shown.
  package var offset = 0
  /// When the user moved it last, microseconds since the Unix epoch; nil before that.
  package var chosenAt: Int64?

  package init() {}

  /// How long a row counts as chosen after it was, in microseconds: who looks at another pane meanwhile finds it again. Later the first
  /// row is what one comes to, because what is wrong stands first.
  static let choiceUs: Int64 = 30_000_000

  /// Whether the user chose a row a moment ago.
  func isChosen(at now: Int64) -> Bool {
    chosenAt.map { now.saturatingSubtract($0).magnitude <= Self.choiceUs.magnitude } ?? false
  }

  /// The place of the selection among the rows, and the first row to show so that it is visible.
  package func resolved(ids: RowIDs, height: Int) -> (selected: Int?, offset: Int) {
    guard !ids.isEmpty else { return (nil, 0) }
    var selected = min(max(index, 0), ids.count - 1)
    if let selectedID, ids[selected] != selectedID, let found = ids.firstIndex(of: selectedID) {
      selected = found
    }
    return (selected, Self.offset(from: offset, showing: selected, count: ids.count, height: height))
  }

  /// `offset` moved as little as possible so that the row is among the `height` rows shown.
  static func offset(from offset: Int, showing row: Int, count: Int, height: Int) -> Int {
    let height = max(1, height)
    var offset = min(offset, row)
    if row >= offset + height { offset = row - height + 1 }
    return max(0, min(offset, count - height))
  }

  /// The same view of rows that have moved on: the selected one stays where it is on the screen, as one wants
  /// it in a list that grows at its end.
  package func shifted(to ids: RowIDs) -> ListState {
    guard let selectedID, let found = ids.firstIndex(of: selectedID) else { return self }
    var list = self
    list.offset = max(0, offset + found - index)
    list.index = found
    return list
  }

  /// Moves the selection by rows, stopping at the ends.
  package mutating func move(by steps: Int, ids: RowIDs, height: Int) {
    let (selected, _) = resolved(ids: ids, height: height)
    guard let selected else { return }
    select(min(max(selected + steps, 0), ids.count - 1), ids: ids, height: height)
  }

  package mutating func select(_ row: Int, ids: RowIDs, height: Int) {
    guard ids.indices.contains(row) else { return }
    index = row
    selectedID = ids[row]
    offset = Self.offset(from: offset, showing: row, count: ids.count, height: height)
  }
}
