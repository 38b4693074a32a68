import TopScreen

/// How many colours the terminal shows, and the number each colour has there.
enum ColorDepth: Equatable {
  case mono
  /// The first 8 or 16 of the palette.
  case ansi(count: Int)
  case palette256
  /// The number is the colour: 24 bits.
  case direct

  init(colors: Int, isDirect: Bool) {
    if isDirect, colors >= 1 << 24 {
      self = .direct
    } else if colors >= 256 {
      self = .palette256
    } else if colors >= 8 {
      self = .ansi(count: colors >= 16 ? 16 : 8)
    } else {
      self = .mono
    }
  }

  /// The number ncurses knows the nearest colour by; -1 is the terminal's own.
  func number(of color: Color?) -> Int32 {
    guard let color else { return -1 }
    switch self {
    case .mono:
      return -1
    case .ansi(let count):
      let number = Palette.nearestAnsi(color)
      // With eight, a bright colour is shown as its plain one, and the bright black, a grey, as white.
      return Int32(number < count ? number : number == 8 ? 7 : number - 8)
    case .palette256:
      return Int32(Palette.nearest256(color))
    case .direct:
      let number = Int32(color.red) << 16 | Int32(color.green) << 8 | Int32(color.blue)
      // Direct-colour descriptions keep 0 to 7 for the eight ANSI colours; of these only black is what it says.
      return (1...7).contains(number) ? 8 : number
    }
  }
}
