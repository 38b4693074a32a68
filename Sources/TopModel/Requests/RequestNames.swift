import GenAPIValue
import Locking

/// The functions of all gateways that pass the filter, each once, and which of each gateway's functions they are: made anew when a gateway
/// has another function, not when one does something.
package final class RequestNames: FunctionNames {
  /// By place.
  package let list: [RequestName]
  /// By place: `RequestRow.id`.
  let ids: [ByteText]
  /// The other way round.
  private let found: [ByteText: Int32]
  /// By place: where it stands when all are sorted by service, type and version.
  let ranks: [Int32]
  let parts: FunctionParts
  /// Service and type of those that there are several versions of.
  private let several: Set<[ByteText]>
  private let remembered = Mutex<[String: Int]>([:])

  /// - Parameter passes: whether a function of a source is meant; the number is that in the source's history.
  init(_ sources: [RequestSource], passes: (_ source: Int, _ number: Int) -> Bool) {
    var list: [RequestName] = []
    var places: [[Int32]] = []
    var found: [ByteText: Int32] = [:]
    for (index, source) in sources.enumerated() {
      var own = [Int32](repeating: -1, count: source.functions.count)
      for number in source.functions.indices where passes(index, number) {
        let key = source.keys[number]
        if let place = found[key] {
          own[number] = place
        } else {
          own[number] = Int32(list.count)
          found[key] = own[number]
          let function = source.functions[number]
          list.append(
            RequestName(
              service: function.service, requestType: function.requestType, version: function.version))
        }
      }
      places.append(own)
    }
    var ranks = [Int32](repeating: 0, count: list.count)
    let sorted = list.indices.sorted { list[$0].precedes(list[$1]) }
    for (rank, place) in sorted.enumerated() { ranks[place] = Int32(rank) }
    var seen: Set<[ByteText]> = []
    several = Set(list.map { [$0.service, $0.requestType] }.filter { !seen.insert($0).inserted })
    ids = list.map { RequestRow.id(service: $0.service, requestType: $0.requestType, version: $0.version) }
    self.found = Dictionary(ids.enumerated().map { ($1, Int32($0)) }, uniquingKeysWith: { first, _ in first })
    parts = FunctionParts(count: list.count, places: places)
    (self.list, self.ranks) = (list, ranks)
  }

  /// The place of a `RequestRow.id`.
  func place(of id: ByteText) -> Int? { found[id].map { Int($0) } }

  func isOfSeveralVersions(service: ByteText, requestType: ByteText) -> Bool {
    !several.isEmpty && several.contains([service, requestType])
  }

  /// A number that is made of the names alone, and so as long the same as they are.
  package func remembered(_ what: String, _ make: () -> Int) -> Int {
    if let known = remembered.withLock({ $0[what] }) { return known }
    let made = make()
    remembered.withLock { $0[what] = made }
    return made
  }
}
