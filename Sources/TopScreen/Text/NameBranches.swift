/// Where the names of one list part from each other: at each of these places a name has another character than some name that is the same
/// up to there. Who sees all of them knows which name it is.
struct NameBranches {
  /// In their order.
  private let names: [[Character]]
  /// How many characters each shares with the one before it.
  private let shared: [Int]
  private let places: [String: Int]
  private let width: Int
  private let ellipsis: String
  private let mark: Int

  /// More names than a screen has lines; of a longer list how the names begin and end has to do.
  private static let mostNames = 600

  init(_ names: some Collection<String>, width: Int, ellipsis: String) {
    self.width = width
    self.ellipsis = ellipsis
    mark = DisplayWidth.of(ellipsis)
    let sorted =
      names.count > Self.mostNames
      ? []
      : names.map { (name: $0, characters: Array($0)) }
        .sorted { $0.characters.lexicographicallyPrecedes($1.characters) }
    self.names = sorted.map(\.characters)
    places = Dictionary(sorted.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    shared = sorted.indices.map { index in
      index == 0
        ? 0 : zip(sorted[index - 1].characters, sorted[index].characters).prefix { $0 == $1 }.count
    }
  }

  /// The name with all its branches, and as much around them as there is room for.
  ///
  /// - Parameter isTight: nothing around them: two names are then the same on the screen up to where they part.
  func cut(_ name: String, isTight: Bool) -> String {
    guard let place = places[name] else { return name.truncatedInside(to: width, ellipsis: ellipsis) }
    let characters = names[place]
    var pieces = Pieces(characters, mark: mark)
    for branch in branches(of: place) { pieces.show(branch) }
    // How it begins, where there is room.
    if !isTight { pieces.grow(from: 0, by: width / 4, to: width) }
    if !isTight { pieces.growAll(to: width) }
    return pieces.text(ellipsis).truncated(to: width, ellipsis: ellipsis)
  }

  /// What has to be seen: the character at each branch, and the one before it where another name ends there.
  private func branches(of place: Int) -> [Range<Int>] {
    let name = names[place]
    var found: [Int: Bool] = [:]
    func note(_ other: Int, _ common: Int) {
      let ends = names[other].count == common || name.count == common
      found[common] = (found[common] ?? false) || ends
    }
    var least = Int.max
    for other in stride(from: place, to: 0, by: -1) {
      least = min(least, shared[other])
      note(other - 1, least)
      if least == 0 { break }
    }
    least = .max
    for other in names.indices.dropFirst(place + 1) {
      least = min(least, shared[other])
      note(other, least)
      if least == 0 { break }
    }
    return found.sorted { $0.key < $1.key }.map { branch, ends in
      max(0, branch - (ends ? 1 : 0))..<min(name.count, branch + 1)
    }
  }
}

/// Which characters of a name are shown.
private struct Pieces {
  private let characters: [Character]
  private let widths: [Int]
  private let mark: Int
  private var isShown: [Bool]

  init(_ characters: [Character], mark: Int) {
    self.characters = characters
    self.mark = mark
    widths = characters.map { DisplayWidth.of($0) }
    isShown = Array(repeating: false, count: characters.count)
  }

  mutating func show(_ range: Range<Int>) {
    for index in range where isShown.indices.contains(index) { isShown[index] = true }
  }

  /// In columns; a gap that is no wider than the mark for it is no gap.
  private var width: Int {
    var (used, gap) = (0, 0)
    for index in characters.indices {
      guard isShown[index] else {
        gap += widths[index]
        continue
      }
      used += min(gap, mark) + widths[index]
      gap = 0
    }
    return used + min(gap, mark)
  }

  /// Shows what follows one place, as long as it fits.
  ///
  /// - Returns: whether something was shown.
  @discardableResult
  mutating func grow(from start: Int, by most: Int, to room: Int) -> Bool {
    var grown = 0
    for index in characters.indices.dropFirst(start) where !isShown[index] {
      guard grown < most, index == start || isShown[index - 1] else { break }
      isShown[index] = true
      guard width <= room else {
        isShown[index] = false
        break
      }
      grown += 1
    }
    return grown > 0
  }

  /// Lets all pieces grow to their right in turn, then the last to its left.
  mutating func growAll(to room: Int) {
    var goesOn = true
    while goesOn {
      goesOn = false
      // All of them by one, before any by two.
      let ends = characters.indices.dropLast().filter { isShown[$0] && !isShown[$0 + 1] }
      for index in ends where grow(from: index + 1, by: 1, to: room) { goesOn = true }
    }
    for index in characters.indices.dropLast().reversed() where isShown[index + 1] && !isShown[index] {
      isShown[index] = true
      guard width <= room else { return isShown[index] = false }
    }
  }

  func text(_ ellipsis: String) -> String {
    var (text, gap) = ("", "")
    var gapWidth = 0
    func filled() -> String { gapWidth > mark ? ellipsis : gap }
    for index in characters.indices {
      guard isShown[index] else {
        gap.append(characters[index])
        gapWidth += widths[index]
        continue
      }
      text += filled()
      text.append(characters[index])
      (gap, gapWidth) = ("", 0)
    }
    return text + filled()
  }
}
