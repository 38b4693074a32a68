/// Names of one list, each cut to a width: out of the middle, and where two of them would look the same then, so that what tells them
/// apart stays.
struct CutNames {
  private let cuts: [String: String]
  private let width: Int
  private let ellipsis: String

  /// With those that are not seen: of more it cannot be told fast enough where they part from each other.
  private static let mostNames = 500

  /// Of less the whole width is for what tells a name from the others.
  private static let leastWidth = 8

  /// - Parameters:
  ///   - names: all that stand beside each other.
  ///   - unseen: others that exist: who reads a name must not take it for one of these.
  init(_ names: some Sequence<String>, beside unseen: [String] = [], width: Int, ellipsis: String) {
    self.width = width
    self.ellipsis = ellipsis
    var cuts: [String: String] = [:]
    for name in names { cuts[name] = name.truncatedInside(to: width, ellipsis: ellipsis) }
    for name in unseen where cuts.count < Self.mostNames {
      if cuts[name] == nil { cuts[name] = name.truncatedInside(to: width, ellipsis: ellipsis) }
    }
    if width >= Self.leastWidth {
      for group in Self.alike(cuts) {
        let shared = Self.shared(group)
        for name in group { cuts[name] = Self.cut(name, keeping: shared, width: width, ellipsis: ellipsis) }
      }
    }
    // Names that differ in several places: each place is shown, and where there is no room for more than those nothing else.
    for isTight in [false, true] {
      let left = Self.alike(cuts)
      if left.isEmpty { break }
      // A name that is whole looks like no other.
      let branches = NameBranches(cuts.filter { $0 != $1 }.map(\.key), width: width, ellipsis: ellipsis)
      for name in left.joined() { cuts[name] = branches.cut(name, isTight: isTight) }
    }
    self.cuts = cuts
  }

  /// A name of the list, or any other, as it is drawn.
  subscript(name: String) -> String { cuts[name] ?? name.truncatedInside(to: width, ellipsis: ellipsis) }

  /// Names that look the same.
  private static func alike(_ cuts: [String: String]) -> [[String]] {
    if Set(cuts.values).count == cuts.count { return [] }
    return Dictionary(grouping: cuts.keys) { cuts[$0] ?? "" }.values.filter { $0.count > 1 }
  }

  /// How many characters all of them begin with.
  private static func shared(_ names: [String]) -> Int {
    guard let first = names.first else { return 0 }
    return names.dropFirst().reduce(first.count) { least, name in
      min(least, zip(first, name).prefix { $0 == $1 }.count)
    }
  }

  /// How it begins, then what stands behind the characters that it shares, as far as there is room.
  private static func cut(_ name: String, keeping shared: Int, width: Int, ellipsis: String) -> String {
    let mark = DisplayWidth.of(ellipsis)
    let head = String(name.prefix(shared)).taking(width / 4)
    let room = width - DisplayWidth.of(head) - mark
    let rest = String(name.dropFirst(shared))
    guard DisplayWidth.of(rest) <= room else {
      return head + ellipsis + rest.truncated(to: room, ellipsis: ellipsis)
    }
    // As much of what they share as there is room for.
    return head + ellipsis + String(String(name.reversed()).taking(room).reversed())
  }
}

extension String {
  /// The characters that fit into `width` columns.
  fileprivate func taking(_ width: Int) -> String {
    var used = 0
    return String(
      prefix { character in
        used += DisplayWidth.of(character)
        return used <= width
      })
  }
}
