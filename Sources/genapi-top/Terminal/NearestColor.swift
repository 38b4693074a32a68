import TopScreen

/// The nearest colour of a smaller palette, by squared distance weighted for what the eye sees.
enum NearestColor {
  private static let levels: [Int] = [0, 95, 135, 175, 215, 255]

  private static let ansi16: [Color] = [
    Color(0, 0, 0), Color(205, 0, 0), Color(0, 205, 0), Color(205, 205, 0),
    Color(0, 0, 238), Color(205, 0, 205), Color(0, 205, 205), Color(229, 229, 229),
    Color(127, 127, 127), Color(255, 0, 0), Color(0, 255, 0), Color(255, 255, 0),
    Color(92, 92, 255), Color(255, 0, 255), Color(0, 255, 255), Color(255, 255, 255),
  ]

  /// 0 ..< `count` (8 or 16), of the colours xterm gives the ANSI numbers.
  static func ansi(_ color: Color, count: Int) -> Int {
    (0..<min(count, ansi16.count)).min { distance(ansi16[$0], color) < distance(ansi16[$1], color) } ?? 7
  }

  /// 16 … 255: the 6×6×6 cube or the grey ramp. The first 16 are left out, since users change them.
  static func palette256(_ color: Color) -> Int {
    let red = nearestLevel(Int(color.red))
    let green = nearestLevel(Int(color.green))
    let blue = nearestLevel(Int(color.blue))
    let cube = Color(UInt8(levels[red]), UInt8(levels[green]), UInt8(levels[blue]))
    let average = (Int(color.red) + Int(color.green) + Int(color.blue)) / 3
    let step = max(0, min(23, (average - 3) / 10))
    let grey = Color(UInt8(8 + 10 * step), UInt8(8 + 10 * step), UInt8(8 + 10 * step))
    if distance(grey, color) < distance(cube, color) { return 232 + step }
    return 16 + 36 * red + 6 * green + blue
  }

  private static func nearestLevel(_ value: Int) -> Int {
    levels.indices.min { abs(levels[$0] - value) < abs(levels[$1] - value) } ?? 0
  }

  private static func distance(_ one: Color, _ other: Color) -> Int {
    let red = Int(one.red) - Int(other.red)
    let green = Int(one.green) - Int(other.green)
    let blue = Int(one.blue) - Int(other.blue)
    return 3 * red * red + 4 * green * green + 2 * blue * blue
  }
}
