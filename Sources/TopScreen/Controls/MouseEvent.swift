/// A press of a button or a turn of the wheel; column and row count from 0 at the top left.
public struct MouseEvent: Hashable, Sendable {
  public enum Button: Hashable, Sendable {
    case left, middle, right, wheelUp, wheelDown
  }

  public var button: Button
  public var column: Int
  public var row: Int

  public init(_ button: Button, column: Int, row: Int) {
    self.button = button
    self.column = column
    self.row = row
  }
}
