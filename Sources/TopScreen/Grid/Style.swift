/// How a cell looks. A nil colour is the terminal's own.
public struct Style: Hashable, Sendable {
  public var foreground: Color?
  public var background: Color?
  public var isBold = false
  public var isDim = false
  public var isUnderlined = false
  public var isReversed = false

  public init(_ foreground: Color? = nil, on background: Color? = nil, bold: Bool = false) {
    self.foreground = foreground
    self.background = background
    self.isBold = bold
  }
}

/// A 24-bit colour; a terminal that shows fewer gets the nearest it has.
public struct Color: Hashable, Sendable {
  public var red: UInt8
  public var green: UInt8
  public var blue: UInt8

  public init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }
}
