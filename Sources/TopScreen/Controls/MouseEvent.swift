/// A press of a button or a turn of the wheel; column and row count from 0 at the top left.
package struct MouseEvent: Hashable, Sendable {
  package enum Button: Hashable, Sendable {
    case left, middle, right, wheelUp, wheelDown
  }

  package var button: Button
  package var column: Int
  package var row: Int

  package init(_ button: Button, column: Int, row: Int) {
    self.button = button
    self.column = column
    self.row = row
  }
}
