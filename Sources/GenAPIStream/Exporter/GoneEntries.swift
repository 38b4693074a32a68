import GenAPIValue

/// The entries of a state's lists that came and went, each with the numbers of the states that had it: who knows one of these has
/// to forget it, and nobody else.
struct GoneEntries {
  private struct Life {
    /// From the first state with it up to the first without it again, rising.
    var spans: [Range<Int>] = []
    /// The first state with it, where it is there now; 0 where everybody has it.
    var came: Int?
  }

  private var sections: [ByteText: [ByteText: Life]] = [:]
  /// How many spans there are.
  private var count = 0
  /// How many entries are there now of which it is known since when.
  private var known = 0
  /// The oldest state that somebody had when it was last looked through.
  private var lookedUpTo = 0
  /// Of states up to this number it is not known any more what is gone since.
  private(set) var forgottenUpTo = 0

  /// More than so many that are gone are kept for nobody: whoever was not told of them yet gets the whole state.
  static let most = 100_000
  /// Only looked through where there are more than a few.
  private static let few = 1_000

  func isEmpty(of section: ByteText) -> Bool { sections[section] == nil }

  /// The entry is not there any more, for the first time in this state.
  mutating func note(_ key: ByteText, of section: ByteText, in state: Int) {
    var life = sections[section]?[key] ?? Life()
    if life.came != nil { known -= 1 }
    life.spans.append((life.came ?? 0)..<state)
    life.came = nil
    count += 1
    sections[section, default: [:]][key] = life
  }

  /// The entry is there, which the state before had not.
  mutating func came(_ key: ByteText, of section: ByteText, in state: Int) {
    var life = sections[section]?[key] ?? Life()
    if life.came == nil { known += 1 }
    life.came = state
    sections[section, default: [:]][key] = life
  }

  /// What a state had that is not there now; by the names of sections, rising.
  func keys(since state: Int) -> [ByteText: [ByteText]]? {
    let keys = sections.compactMapValues { lives -> [ByteText]? in
      let gone = lives.filter { _, life in life.came == nil && life.spans.contains { $0.contains(state) } }
        .map(\.key)
      return gone.isEmpty ? nil : gone.sorted()
    }
    return keys.isEmpty ? nil : keys
  }

  /// Forgets what nobody needs: what was gone in the oldest state that anybody has, and since when there is what that state has.
  mutating func forget(upTo oldest: Int) {
    if count + known > Self.few, oldest > lookedUpTo { drop(upTo: oldest) }
    guard count > Self.most else { return }
    forgottenUpTo = sections.values.lazy.flatMap(\.values).compactMap(\.spans.last?.upperBound).max() ?? 0
    drop(upTo: forgottenUpTo)
  }

  private mutating func drop(upTo oldest: Int) {
    lookedUpTo = max(lookedUpTo, oldest)
    (count, known) = (0, 0)
    sections = sections.compactMapValues { lives in
      let kept = lives.compactMapValues { life in
        var life = life
        life.spans.removeAll { $0.upperBound <= oldest }
        if let came = life.came, came <= oldest { life.came = nil }
        count += life.spans.count
        known += life.came == nil ? 0 : 1
        return life.spans.isEmpty && life.came == nil ? nil : life
      }
      return kept.isEmpty ? nil : kept
    }
  }
}
