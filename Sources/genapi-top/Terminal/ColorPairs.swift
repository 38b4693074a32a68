/// Which colour pair stands for which two colours; as many as the terminal has.
///
/// When all are taken the table is emptied and the screen painted anew, since a pair still on the screen must not
/// change its meaning. A screen that needs more pairs at once than there are keeps the terminal's own colours
/// for the rest.
struct ColorPairs {
  struct Colors: Hashable {
    var foreground: Int32
    var background: Int32
  }

  enum Answer: Equatable {
    case known(Int32)
    /// The caller has to define it.
    case new(Int32)
    case full
  }

  /// How often the table was emptied.
  private(set) var evictions = 0
  private var numbers: [Colors: Int32] = [:]
  private let capacity: Int

  /// `count` as ncurses gives it; pair 0 is the terminal's own colours and cannot be defined. More than 32 767
  /// are never needed: a screen of 300×100 has 30 000 cells.
  init(count: Int) {
    capacity = max(0, min(count, 32_767) - 1)
  }

  mutating func pair(for colors: Colors) -> Answer {
    if colors.foreground == -1, colors.background == -1 { return .known(0) }
    if let number = numbers[colors] { return .known(number) }
    guard numbers.count < capacity else { return .full }
    let number = Int32(numbers.count + 1)
    numbers[colors] = number
    return .new(number)
  }

  mutating func evictAll() {
    numbers.removeAll(keepingCapacity: true)
    evictions += 1
  }
}
