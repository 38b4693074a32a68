import OutsideText
import TopModel

/// A moment to go to, as people write it.
package struct TimeDialog: Equatable, Sendable {
  package var query = LineEditor()
  /// What was wrong with what was typed.
  var problem: String?

  package init() {}

  /// What is allowed, for who asks and for who was wrong.
  static let forms =
    "a time of day such as 03:12 or 03:12:40, or how long ago: -7m, -90s, -1h; of UTC with a Z, 03:12Z"

  /// What is wrong with what was written, in words.
  static func problem(_ text: String, newest: Int64, offset: ClockOffset) -> String {
    if let numbers = clock(text.filter { $0 != " " }),
      let change = offset.skipping(seconds(of: numbers), before: newest)
    {
      // Of the clock before: a microsecond earlier it had not been set.
      let from = TimeText.clock(change.at.saturatingSubtract(1_000_000), offset: offset)
      return
        "\(text.shown) never was: after \(from) the clock was set on to \(TimeText.clock(change.at, offset: offset))"
    }
    return "\"\(text.shown)\" is no time; write \(forms)"
  }

  /// Why a time of day leads to no moment that is kept: that of this day is still to come. nil where it leads somewhere, and for what is no
  /// time of day.
  ///
  /// - Parameters:
  ///   - moment: what the text means.
  ///   - oldest: the oldest moment that is kept.
  static func stillToCome(
    _ text: String, _ moment: Int64, newest: Int64, oldest: Int64, offset: ClockOffset
  ) -> String? {
    let text = text.filter { $0 != " " }
    let isUTC = text.last == "Z"
    guard moment < oldest, clock(isUTC ? String(text.dropLast()) : text) != nil else { return nil }
    let offset = isUTC ? 0 : offset
    guard day(moment, offset) < day(newest, offset) else { return nil }
    let now = TimeText.clock(newest, offset: offset) + (isUTC ? "Z" : "")
    let kept = TimeText.age(seconds: max(0, newest - oldest) / 1_000_000)
    return
      "\(text.shown) has not come yet, it is \(now); yesterday's is not kept: the history goes back \(kept)"
  }

  /// Days of the clock on the wall, from any one on.
  private static func day(_ moment: Int64, _ offset: ClockOffset) -> Int64 {
    (moment.floorDivided(by: 1_000_000) + Int64(offset.seconds(at: moment))).floorDivided(by: 86_400)
  }

  private static func seconds(of numbers: [Int64]) -> Int64 {
    numbers[0] * 3_600 + numbers[1] * 60 + (numbers.count > 2 ? numbers[2] : 0)
  }

  /// Hours, minutes and maybe seconds; nil for what is no time of day.
  private static func clock(_ text: String) -> [Int64]? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard (2...3).contains(parts.count), parts.allSatisfy({ (1...2).contains($0.utf8.count) }) else {
      return nil
    }
    let numbers = parts.compactMap { PlainNumber.count($0).map(Int64.init) }
    guard numbers.count == parts.count, (0..<24).contains(numbers[0]),
      numbers.dropFirst().allSatisfy({ (0..<60).contains($0) })
    else { return nil }
    return numbers
  }

  /// The moment meant, microseconds since the Unix epoch; nil for what is none. A time of day is the last one there was; of a recording
  /// that had not begun then the next one, where that is nearer.
  ///
  /// - Parameters:
  ///   - newest: the newest moment there are numbers for.
  ///   - offset: seconds the clock on the wall is ahead of UTC, at each moment. A time that was twice on a day, when the clock was set
  ///     back, is the later one that is past.
  ///   - beginning: when the recording begins that is shown, whose rest is still to come; nil where nothing is.
  package static func moment(
    _ text: String, newest: Int64, offset: ClockOffset, beginning: Int64? = nil
  ) -> Int64? {
    let text = text.filter { $0 != " " }
    if let first = text.first, first == "-" || "smh".contains(text.last ?? " ") {
      let digits = text.dropFirst(first == "-" ? 1 : 0)
      let unit: Int64
      switch digits.last {
      case "s": unit = 1
      case "m": unit = 60
      case "h": unit = 3_600
      default: return nil
      }
      guard let number = PlainNumber.count(digits.dropLast()).map(Int64.init), (0...100_000).contains(number)
      else { return nil }
      return newest - number * unit * 1_000_000
    }
    if text.last == "Z" {
      return moment(String(text.dropLast()), newest: newest, offset: 0, beginning: beginning)
    }
    guard let numbers = clock(text) else { return nil }
    let wanted = seconds(of: numbers)
    if offset.skipping(wanted, before: newest) != nil { return nil }
    /// The last one there was with these seconds ahead of UTC, so many days before.
    func last(_ seconds: Int, days: Int64) -> Int64 {
      let now = newest / 1_000_000 + Int64(seconds)
      var back = ((now % 86_400) + 86_400) % 86_400 - wanted
      if back < 0 { back += 86_400 }
      return newest - (back + days * 86_400) * 1_000_000
    }
    // Only with the offset of its own moment the wall clock showed it.
    let shown = offset.all.flatMap { seconds in
      [last(seconds, days: 0), last(seconds, days: 1)].filter { offset.seconds(at: $0) == seconds }
    }
    let past = shown.max() ?? last(offset.seconds(at: newest), days: 0)
    guard let beginning, past < beginning else { return past }
    let next = last(offset.seconds(at: newest), days: -1)
    return next - newest < beginning - past ? next : past
  }
}
