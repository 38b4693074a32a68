import OutsideText

/// An Erlang map. The order of its pairs is kept, but does not count when two maps are compared.
public struct TermMap: Hashable, Sendable {
  /// The keys with their values, in their order.
  public let pairs: [(key: Term, value: Term)]
  /// The hash of a map that was read as a key, or within one; nil for others, whose hash is hardly ever asked for.
  private let knownHash: Int?

  /// - Parameter pairs: of equal keys the last one stays.
  public init(_ pairs: [(key: Term, value: Term)]) { self.init(pairs, isKey: false) }

  /// - Parameter isKey: that this is read as a key, or within one. Its hash is kept then: each map that such keys nest
  ///   in would go through all of them once more, which a stranger could make cost a power of the depth.
  init(_ pairs: [(key: Term, value: Term)], isKey: Bool) {
    let unique = Self.unique(pairs)
    self.pairs = unique
    knownHash = isKey ? Self.hash(unique) : nil
  }

  /// Maps of so few plain keys are searched from the front, which is faster than a table.
  private static let fewPairs = 8

  private static func unique(_ pairs: [(key: Term, value: Term)]) -> [(key: Term, value: Term)] {
    if pairs.count <= fewPairs, pairs.allSatisfy({ $0.key.isAtomOrNumber }) {
      for index in pairs.indices.dropFirst()
      where pairs[..<index].contains(where: { $0.key == pairs[index].key }) {
        return merged(pairs)
      }
      return pairs
    }
    return merged(pairs)
  }

  private static func merged(_ pairs: [(key: Term, value: Term)]) -> [(key: Term, value: Term)] {
    var positions: [Term: Int] = [:]
    positions.reserveCapacity(pairs.count)
    var unique: [(key: Term, value: Term)] = []
    unique.reserveCapacity(pairs.count)
    for pair in pairs {
      if let earlier = positions.updateValue(unique.count, forKey: pair.key) {
        positions[pair.key] = earlier
        unique[earlier].value = pair.value
      } else {
        unique.append(pair)
      }
    }
    return unique
  }

  /// The value of a key; nil when there is none.
  public subscript(key: Term) -> Term? { pairs.first { $0.key == key }?.value }

  /// The value under an atom key.
  public subscript(atom name: ByteText) -> Term? { self[.atom(name)] }

  public static func == (a: TermMap, b: TermMap) -> Bool {
    guard a.pairs.count == b.pairs.count else { return false }
    if let first = a.knownHash, let second = b.knownHash, first != second { return false }
    let values = Dictionary(b.pairs.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
    return a.pairs.allSatisfy { values[$0.key] == $0.value }
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(knownHash ?? Self.hash(pairs)) }

  /// The same whatever the order of the pairs; goes through every term once.
  private static func hash(_ pairs: [(key: Term, value: Term)]) -> Int {
    pairs.reduce(into: pairs.count) { sum, pair in
      var hasher = Hasher()
      hasher.combine(pair.key)
      hasher.combine(pair.value)
      sum &+= hasher.finalize()
    }
  }
}

extension Term {
  fileprivate var isAtomOrNumber: Bool {
    switch self {
    case .atom, .integer: true
    default: false
    }
  }
}
