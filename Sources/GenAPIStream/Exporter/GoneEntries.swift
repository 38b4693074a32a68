import GenAPIValue

/// The keys of a state's entries that are gone, each with the number of the first state without it.
struct GoneEntries {
  private var sections: [ByteText: [ByteText: Int]] = [:]
  private var count = 0
  /// Of states up to this number it is not known any more what is gone since.
  private(set) var forgottenUpTo = 0

  /// More keys than this are kept for nobody: whoever did not take them yet gets the whole state.
  static let most = 100_000

  func isEmpty(of section: ByteText) -> Bool { sections[section] == nil }

  mutating func note(_ key: ByteText, of section: ByteText, in state: Int) {
    if sections[section, default: [:]].updateValue(state, forKey: key) == nil { count += 1 }
  }

  /// The entry is there again.
  mutating func remove(_ key: ByteText, of section: ByteText) {
    guard sections[section]?.removeValue(forKey: key) != nil else { return }
    count -= 1
    if sections[section]!.isEmpty { sections[section] = nil }
  }

  /// What is gone since a state; by the names of sections, rising.
  func keys(since state: Int) -> [ByteText: [ByteText]]? {
    let keys = sections.compactMapValues { keys -> [ByteText]? in
      let newer = keys.filter { $0.value > state }.map(\.key)
      return newer.isEmpty ? nil : newer.sorted()
    }
    return keys.isEmpty ? nil : keys
  }

  /// Forgets what nobody needs: what was gone in the oldest state that anybody has.
  mutating func forget(upTo oldest: Int) {
    // Only looked through where that is more than a few.
    if count > 1_000 { drop { $0 <= oldest } }
    guard count > Self.most else { return }
    forgottenUpTo = sections.values.lazy.flatMap(\.values).max() ?? 0
    drop { _ in true }
  }

  private mutating func drop(_ isDropped: (Int) -> Bool) {
    sections = sections.compactMapValues { keys in
      let kept = keys.filter { !isDropped($0.value) }
      return kept.isEmpty ? nil : kept
    }
    count = sections.values.reduce(0) { $0 + $1.count }
  }
}
