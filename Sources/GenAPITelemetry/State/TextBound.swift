import GenAPIValue

/// Bounds what a state says, in bytes, and adds up what it takes: names, texts and lists that are longer are cut, and the
/// cuts counted. Used where states leave a gateway and where they come into a program that watches one.
///
/// What was cut says so: a text ends with its former length, a name with a number made of all of it, so that two long
/// names which begin alike stay two.
public struct TextBound: StateEditor, Sendable {
  /// The longest name: services, functions, nodes, users, keys.
  public static var nameBytes: Int { TextLimit.name }
  /// The longest text: errors and reasons.
  public static var textBytes: Int { TextLimit.text }
  /// The longest list of names within one entry.
  public static let listLength = 200

  private let nameBytes: Int
  private let textBytes: Int
  private let listLength: Int
  /// Names, texts and list entries that were cut.
  public private(set) var cuts: Int64 = 0
  /// About what all that was looked at takes in memory.
  public private(set) var bytes = 0

  public init() { self.init(names: Self.nameBytes, texts: Self.textBytes, list: Self.listLength) }

  init(names: Int, texts: Int, list: Int) {
    nameBytes = names
    textBytes = texts
    listLength = list
  }

  /// For an entry that must fit into a short line.
  public static var tight: TextBound { TextBound(names: 64, texts: 64, list: 8) }

  public mutating func name(_ text: inout ByteText) {
    if text.utf8.count > nameBytes {
      text = Self.cutName(text, to: nameBytes)
      cuts += 1
    }
    bytes += 32 + text.utf8.count
  }

  public mutating func text(_ text: inout ByteText) {
    if text.utf8.count > textBytes {
      text = text.cut(bytes: textBytes)
      cuts += 1
    }
    bytes += 32 + text.utf8.count
  }

  /// The last name of a list that was cut says how many there were.
  public mutating func names(_ list: inout [ByteText]) {
    shorten(&list) { "… and \($0) more" }
    for index in list.indices { name(&list[index]) }
  }

  /// Cuts a list of texts to at most so many, and each of them.
  public mutating func texts(_ list: inout [ByteText], most: Int) {
    shorten(&list, to: most) { "… and \($0) more" }
    for index in list.indices { text(&list[index]) }
  }

  /// Cuts counts to the first names, and each name.
  public mutating func counts(_ counts: inout [ByteText: Int]) { cut(&counts) }

  /// Cuts counts to the first names, and each name.
  public mutating func counts(_ counts: inout [ByteText: Int64]) { cut(&counts) }

  private mutating func cut<Count>(_ counts: inout [ByteText: Count]) {
    if counts.count > listLength {
      cuts += Int64(counts.count - listLength)
      counts = Dictionary(
        counts.sorted { $0.key < $1.key }[..<listLength].map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
    }
    guard counts.keys.contains(where: { $0.utf8.count > nameBytes }) else {
      bytes += counts.reduce(0) { $0 + 64 + $1.key.utf8.count }
      return
    }
    counts = Dictionary(
      counts.map { key, value in
        var key = key
        name(&key)
        return (key, value)
      }, uniquingKeysWith: { $1 })
  }

  public mutating func entries<Entry: StateEntry>(_ list: inout [Entry], most: Int?) {
    if let most, list.count > most {
      cuts += Int64(list.count - most)
      list.removeSubrange(most...)
    }
    for index in list.indices { entry(&list[index]) }
  }

  /// Adds up what an entry takes, and cuts its texts and lists.
  public mutating func entry<Entry: StateEntry>(_ entry: inout Entry) {
    bytes += MemoryLayout<Entry>.stride
    entry.edit(&self)
  }

  /// Adds up what a histogram takes.
  public mutating func histogram(_ histogram: LatencyHistogram) { bytes += histogram.storedBytes }

  /// Cuts a list of numbers.
  public mutating func numbers(_ list: inout [Int], most: Int) {
    if list.count > most {
      cuts += Int64(list.count - most)
      list.removeSubrange(most...)
    }
    bytes += 8 * list.count
  }

  private mutating func shorten(_ list: inout [ByteText], to most: Int? = nil, _ rest: (Int) -> ByteText) {
    let most = min(most ?? listLength, listLength)
    guard list.count > most else { return }
    let left = list.count - (most - 1)
    cuts += Int64(left)
    list.replaceSubrange((most - 1)..., with: [rest(left)])
  }

  // MARK: Texts

  /// The first bytes of a name and, after an ellipsis, a number made of all of it (FNV-1a, 32 bits).
  public static func cutName(_ name: ByteText, to most: Int = nameBytes) -> ByteText {
    guard name.utf8.count > most else { return name }
    var hash: UInt32 = 2_166_136_261
    for byte in name.utf8 { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
    let digits = String(hash, radix: 16)
    let end = "…" + String(repeating: "0", count: 8 - digits.utf8.count) + digits
    return "\(name.prefix(bytes: most - end.utf8.count))\(end)"
  }
}
