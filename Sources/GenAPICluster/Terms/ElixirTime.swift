import ErlangNode
import GenAPIGateway
import GenAPIValue

/// Elixir's dates and times: as text for clients, and as structs for functions.
enum ElixirTime {
  // MARK: To clients

  /// In the form of ISO 8601, as Elixir writes them; nil for other structs, and for times of other calendars.
  static func text(of map: TermMap, _ kind: ByteText) -> ByteText? {
    guard ["Elixir.Date", "Elixir.Time", "Elixir.NaiveDateTime", "Elixir.DateTime"].contains(kind),
      map[atom: "calendar"].map({ $0 == isoCalendar }) ?? true
    else { return nil }
    switch kind {
    case "Elixir.Date": return date(map)
    case "Elixir.Time": return clock(map)
    case "Elixir.NaiveDateTime": return date(map).flatMap { day in clock(map).map { "\(day)T\($0)" } }
    default:
      guard let day = date(map), let clock = clock(map), let offset = offset(map) else { return nil }
      return "\(day)T\(clock)\(offset)"
    }
  }

  private static let isoCalendar = Term.atom("Elixir.Calendar.ISO")

  private static func number(_ map: TermMap, _ name: ByteText, _ range: ClosedRange<Int64>) -> Int64? {
    map[atom: name]?.integerValue.flatMap { range.contains($0) ? $0 : nil }
  }

  private static func date(_ map: TermMap) -> ByteText? {
    guard let year = number(map, "year", -9_999...9_999), let month = number(map, "month", 1...12),
      let day = number(map, "day", 1...31)
    else { return nil }
    return ByteText(DateTimeText.day(year: year, month: month, day: day))
  }

  private static func clock(_ map: TermMap) -> ByteText? {
    guard let hour = number(map, "hour", 0...23), let minute = number(map, "minute", 0...59),
      // A leap second.
      let second = number(map, "second", 0...60)
    else { return nil }
    var text = [hour, minute, second].map { DateTimeText.padded($0, 2) }.joined(separator: ":")
    if let fraction = map[atom: "microsecond"]?.tupleElements, fraction.count == 2,
      let value = fraction[0].integerValue, (0...999_999).contains(value),
      let digits = fraction[1].integerValue, (1...6).contains(digits)
    {
      text += ".\(DateTimeText.padded(value, 6).prefix(Int(digits)))"
    }
    return ByteText(text)
  }

  private static func offset(_ map: TermMap) -> ByteText? {
    let day: Int64 = 86_400
    guard let utc = number(map, "utc_offset", -day...day),
      let standard = number(map, "std_offset", -day...day)
    else { return map[atom: "utc_offset"] == nil ? "Z" : nil }
    let seconds = utc + standard
    if seconds == 0 { return "Z" }
    let minutes = abs(seconds) / 60
    return ByteText(
      (seconds < 0 ? "-" : "+") + DateTimeText.padded(minutes / 60, 2) + ":"
        + DateTimeText.padded(minutes % 60, 2))
  }

  // MARK: To functions

  /// Puts the structs of times into a call's arguments; what is null, or no time, stays as it is.
  static func put(_ times: [TimeArgument], into arguments: inout [Term]) {
    for time in times where time.name == nil && time.index < arguments.count {
      arguments[time.index] = `struct`(arguments[time.index], time.type)
    }
    let named = times.filter { $0.name != nil }
    guard let index = named.first?.index, index < arguments.count, let map = arguments[index].map else {
      return
    }
    let types = Dictionary(named.map { (Term.text($0.name ?? ""), $0.type) }, uniquingKeysWith: { $1 })
    arguments[index] = .map(
      TermMap(
        map.pairs.map { key, value in (key: key, value: types[key].map { `struct`(value, $0) } ?? value) }))
  }

  /// As `from_iso8601` of Elixir makes them.
  private static func `struct`(_ term: Term, _ type: ArgumentType) -> Term {
    guard let text = term.text?.string else { return term }
    switch type {
    case .date:
      guard let date = DateText(text)?.date else { return term }
      return .map(TermMap([structName("Date"), calendar] + day(date)))
    case .naiveDatetime:
      guard let time = DateTimeText(text)?.localParts else { return term }
      return .map(TermMap([structName("NaiveDateTime"), calendar] + day(time.date) + clock(time)))
    case .datetime:
      guard let time = DateTimeText(text)?.utcParts else { return term }
      let zone: [Pair] = [
        (key: .atom("time_zone"), value: .text("Etc/UTC")), (key: .atom("zone_abbr"), value: .text("UTC")),
        (key: .atom("utc_offset"), value: .integer(0)), (key: .atom("std_offset"), value: .integer(0)),
      ]
      return .map(TermMap([structName("DateTime"), calendar] + day(time.date) + clock(time) + zone))
    default: return term
    }
  }

  private typealias Pair = (key: Term, value: Term)

  private static func structName(_ name: ByteText) -> Pair {
    (key: .atom("__struct__"), value: .atom("Elixir." + name))
  }

  private static var calendar: Pair { (key: .atom("calendar"), value: isoCalendar) }

  private static func day(_ date: CivilDate) -> [Pair] {
    [
      (key: .atom("year"), value: .integer(date.year)), (key: .atom("month"), value: .integer(date.month)),
      (key: .atom("day"), value: .integer(date.day)),
    ]
  }

  private static func clock(_ time: DateTimeText.Parts) -> [Pair] {
    [
      (key: .atom("hour"), value: .integer(time.second / 3_600)),
      (key: .atom("minute"), value: .integer(time.second / 60 % 60)),
      (key: .atom("second"), value: .integer(time.second % 60)),
      (
        key: .atom("microsecond"),
        value: .tuple([.integer(time.microsecond), .integer(Int64(time.precision))])
      ),
    ]
  }
}
