/// The palettes of terminals that do not show every colour, and what comes nearest in them.
package enum Palette {
  /// The 16 ANSI colours as xterm shows them.
  package static let ansi: [Color] = [
    Color(0, 0, 0), Color(205, 0, 0), Color(0, 205, 0), Color(205, 205, 0),
    Color(0, 0, 238), Color(205, 0, 205), Color(0, 205, 205), Color(229, 229, 229),
    Color(127, 127, 127), Color(255, 0, 0), Color(0, 255, 0), Color(255, 255, 0),
    Color(92, 92, 255), Color(255, 0, 255), Color(0, 255, 255), Color(255, 255, 255),
  ]

  static let names = [
    "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white", "bright_black", "bright_red",
    "bright_green", "bright_yellow", "bright_blue", "bright_magenta", "bright_cyan", "bright_white",
  ]

  private static let levels = [0, 95, 135, 175, 215, 255]

  /// The colour xterm shows for a number of 0 … 255.
  package static func color(_ index: Int) -> Color {
    switch index {
    case ..<16: return ansi[max(0, index)]
    case 16..<232:
      let cube = index - 16
      return Color(UInt8(levels[cube / 36]), UInt8(levels[cube / 6 % 6]), UInt8(levels[cube % 6]))
    default:
      let grey = UInt8(8 + 10 * (min(index, 255) - 232))
      return Color(grey, grey, grey)
    }
  }

  /// 0 ..< 16.
  package static func nearestAnsi(_ color: Color) -> Int {
    ansi.indices.min { distance(ansi[$0], color) < distance(ansi[$1], color) } ?? 7
  }

  /// 16 … 255: the first 16 are left out, since users change them.
  package static func nearest256(_ color: Color) -> Int {
    func level(_ value: UInt8) -> Int {
      levels.indices.min { abs(levels[$0] - Int(value)) < abs(levels[$1] - Int(value)) } ?? 0
    }
    let cube = 16 + 36 * level(color.red) + 6 * level(color.green) + level(color.blue)
    let average = (Int(color.red) + Int(color.green) + Int(color.blue)) / 3
    let grey = 232 + max(0, min(23, (average - 3) / 10))
    return distance(Self.color(grey), color) < distance(Self.color(cube), color) ? grey : cube
  }

  /// Squared, weighted for what the eye sees.
  private static func distance(_ one: Color, _ other: Color) -> Int {
    let red = Int(one.red) - Int(other.red)
    let green = Int(one.green) - Int(other.green)
    let blue = Int(one.blue) - Int(other.blue)
    return 3 * red * red + 4 * green * green + 2 * blue * blue
  }
}
