/// A compiled terminal description, as `term(5)` lays it out.
///
/// Read and written only to say that a terminal takes more colours than it is described with: ncurses believes nothing
/// but the description.
struct TerminalDescription {
  private static let shortNumbers = 0o432
  private static let longNumbers = 0o1036
  /// Where <term.h> has these capabilities.
  private static let maxColors = 13
  private static let maxPairs = 14
  private static let setForeground = 359
  private static let setBackground = 360

  private var names: [UInt8]
  private var flags: [UInt8]
  private var numbers: [Int]
  /// Offsets into `strings`; -1 for a capability the terminal lacks.
  private var offsets: [Int]
  private var strings: [UInt8]
  private var more = Extension()

  /// The user-defined capabilities behind the standard ones.
  private struct Extension {
    var flags: [UInt8] = []
    var numbers: [Int] = []
    var offsets: [Int] = []
    var nameOffsets: [Int] = []
    var strings: [UInt8] = []

    /// Where the names begin: behind the last value. Name offsets count from there.
    var namesStart: Int {
      guard let last = offsets.max(), last >= 0, last < strings.count else { return 0 }
      return (strings[last...].firstIndex(of: 0) ?? strings.count - 1) + 1
    }
  }

  /// nil when these bytes are no description.
  init?(_ bytes: [UInt8]) {
    var reader = Reader(bytes: bytes)
    guard let magic = reader.short(), magic == Self.shortNumbers || magic == Self.longNumbers,
      let header = reader.shorts(5), header.allSatisfy({ $0 >= 0 })
    else { return nil }
    let isLong = magic == Self.longNumbers
    guard let names = reader.take(header[0]), let flags = reader.take(header[1]), reader.align(),
      let numbers = reader.numbers(header[2], long: isLong), let offsets = reader.shorts(header[3]),
      let strings = reader.take(header[4])
    else { return nil }
    (self.names, self.flags, self.numbers, self.offsets, self.strings) = (
      names, flags, numbers, offsets, strings
    )
    guard reader.align(), let extended = reader.shorts(5), extended.allSatisfy({ $0 >= 0 }) else { return }
    let nameCount = extended[0] + extended[1] + extended[2]
    guard let moreFlags = reader.take(extended[0]), reader.align(),
      let moreNumbers = reader.numbers(extended[1], long: isLong),
      let moreOffsets = reader.shorts(extended[2]),
      let nameOffsets = reader.shorts(nameCount), let moreStrings = reader.take(extended[4])
    else { return }
    more = Extension(
      flags: moreFlags, numbers: moreNumbers, offsets: moreOffsets, nameOffsets: nameOffsets,
      strings: moreStrings)
  }

  /// Says that colour numbers are red, green and blue, with the sequences every such terminal takes.
  mutating func useDirectColor() {
    setColors(
      1 << 24, foreground: Self.sequence(ansi: "3", direct: "38"),
      background: Self.sequence(ansi: "4", direct: "48"))
    more.flags.insert(1, at: 0)
    let start = more.namesStart
    more.nameOffsets.insert(more.strings.count - start, at: 0)
    more.strings += Array("RGB".utf8) + [0]
  }

  /// Says that there are 256 colours, with the sequences every such terminal takes.
  mutating func usePalette256() {
    setColors(256, foreground: Self.palette("3", "9", "38"), background: Self.palette("4", "10", "48"))
  }

  /// How many colours it says there are.
  var colors: Int { numbers.count > Self.maxColors ? numbers[Self.maxColors] : -1 }

  private mutating func setColors(_ count: Int, foreground: String, background: String) {
    numbers += repeatElement(-1, count: max(0, Self.maxPairs + 1 - numbers.count))
    numbers[Self.maxColors] = count
    numbers[Self.maxPairs] = 1 << 16
    offsets += repeatElement(-1, count: max(0, Self.setBackground + 1 - offsets.count))
    offsets[Self.setForeground] = append(foreground)
    offsets[Self.setBackground] = append(background)
  }

  func encoded() -> [UInt8] {
    var writer = Writer()
    writer.shorts([Self.longNumbers, names.count, flags.count, numbers.count, offsets.count, strings.count])
    writer.bytes += names + flags
    writer.align()
    writer.longs(numbers)
    writer.shorts(offsets)
    writer.bytes += strings
    writer.align()
    writer.shorts([
      more.flags.count, more.numbers.count, more.offsets.count, more.offsets.count + more.nameOffsets.count,
      more.strings.count,
    ])
    writer.bytes += more.flags
    writer.align()
    writer.longs(more.numbers)
    writer.shorts(more.offsets)
    writer.shorts(more.nameOffsets)
    writer.bytes += more.strings
    return writer.bytes
  }

  private mutating func append(_ text: String) -> Int {
    strings += Array(text.utf8) + [0]
    return strings.count - text.utf8.count - 1
  }

  /// 0 to 7 stay the ANSI colours, as in the descriptions that come with ncurses.
  private static func sequence(ansi: String, direct: String) -> String {
    "\u{1B}[%?%p1%{8}%<%t\(ansi)%p1%d%e\(direct);2;%p1%{65536}%/%d;%p1%{256}%/%{255}%&%d;%p1%{255}%&%d%;m"
  }

  /// The eight colours, the eight bright ones, and the others by their numbers.
  private static func palette(_ plain: String, _ bright: String, _ others: String) -> String {
    "\u{1B}[%?%p1%{8}%<%t\(plain)%p1%d%e%p1%{16}%<%t\(bright)%p1%{8}%-%d%e\(others);5;%p1%d%;m"
  }
}
