import OutsideText

/// An Erlang map. The order of its pairs is kept, but does not count when two maps are compared.
public struct TermMap: Hashable, Sendable {
  public let pairs: [(key: Term, value: Term)]

  /// - Parameter pairs: of equal keys the last one stays.
  public init(_ pairs: [(key: Term, value: Term)]) {
    var positions: [Term: Int] = [:]
    var unique: [(key: Term, value: Term)] = []
    unique.reserveCapacity(pairs.count)
    for pair in pairs {
      if let position = positions[pair.key] {
        unique[position].value = pair.value
      } else {
        positions[pair.key] = unique.count
        unique.append(pair)
      }
    }
    self.pairs = unique
  }

  public subscript(key: Term) -> Term? { pairs.first { $0.key == key }?.value }

  /// The value under an atom key.
  public subscript(atom name: ByteText) -> Term? { self[.atom(name)] }

  private var dictionary: [Term: Term] {
    Dictionary(pairs.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
  }

  public static func == (a: TermMap, b: TermMap) -> Bool { a.dictionary == b.dictionary }

  public func hash(into hasher: inout Hasher) { hasher.combine(dictionary) }
}
