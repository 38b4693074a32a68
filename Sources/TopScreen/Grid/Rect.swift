/// A rectangle of cells; columns and rows count from 0 at the top left.
public struct Rect: Hashable, Sendable {
  public var x: Int
  public var y: Int
  public var width: Int
  public var height: Int

  public init(x: Int, y: Int, width: Int, height: Int) {
    self.x = x
    self.y = y
    self.width = max(0, width)
    self.height = max(0, height)
  }

  public var maxX: Int { x + width }
  public var maxY: Int { y + height }
  public var isEmpty: Bool { width == 0 || height == 0 }

  public func contains(column: Int, row: Int) -> Bool {
    column >= x && column < maxX && row >= y && row < maxY
  }

  public func inset(horizontally dx: Int = 0, vertically dy: Int = 0) -> Rect {
    Rect(x: x + min(dx, width), y: y + min(dy, height), width: width - 2 * dx, height: height - 2 * dy)
  }

  /// The row `index` from the top, as a rectangle of height 1; empty when there is none.
  public func row(_ index: Int) -> Rect {
    Rect(x: x, y: y + index, width: index >= 0 && index < height ? width : 0, height: 1)
  }

  public func from(row index: Int) -> Rect {
    Rect(x: x, y: y + index, width: width, height: height - index)
  }
}
