import ErlangNode
import GenAPIValue

/// What stands where a plain value belongs: a text, a number, a truth.
extension TermValue {
  /// Terms of a list, a tuple or a map that are read of one where none belongs: enough to tell in words what it is.
  static let mostOfSample = 32

  /// A plain term's value. Of any other it is the beginning: it is refused, and only told.
  static func sample(_ term: Term) -> Value {
    var left = mostOfSample
    return sample(term, &left)
  }

  private static func sample(_ term: Term, _ left: inout Int) -> Value {
    left -= 1
    func some(_ terms: [Term]) -> [Value] {
      var values: [Value] = []
      for term in terms {
        guard left > 0 else { break }
        values.append(sample(term, &left))
      }
      return values
    }
    switch term {
    case .tuple(let terms), .list(let terms), .improperList(let terms, _): return .array(some(terms))
    case .map(let map):
      // A known struct is a value of its own, and no large one.
      if map.pairs.count <= mostOfSample, let known = ElixirStruct.value(of: map) { return known }
      var object = ValueObject()
      for (key, item) in map.pairs {
        guard left > 0 else { break }
        object[text(key) ?? ByteText(key.erlangText)] = sample(item, &left)
      }
      return .object(object)
    default: return value(term)
    }
  }
}
