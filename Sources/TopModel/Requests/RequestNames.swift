import GenAPIValue
import Locking

/// The functions of all gateways that pass the filter, each once, and which of each gateway's functions they are: made anew when a gateway
/// has another function, not when one does something.
package final class RequestNames: Sendable {
  /// A gateway, by its place among the sources, and a number in its history.
  struct Part: Sendable {
    var source: Int32
    var number: Int32
  }

  /// By place.
  package let list: [RequestName]
  /// By place: `RequestRow.id`.
  let ids: [ByteText]
  /// By place: where it stands when all are sorted by service, type and version.
  let ranks: [Int32]
  /// By place: where its parts begin, and behind the last where they end.
  private let starts: [Int32]
  private let parts: [Part]
  /// By source and number of a function its place; -1 for one that does not pass.
  let places: [[Int32]]
  /// Service and type of those that there are several versions of.
  private let several: Set<[ByteText]>
  private let remembered = Mutex<[String: Int]>([:])

  /// - Parameter passes: whether a function of a source is meant; the number is that in the source's history.
  init(_ sources: [RequestSource], passes: (_ source: Int, _ number: Int) -> Bool) {
    var list: [RequestName] = []
    var places: [[Int32]] = []
    var found: [ByteText: Int32] = [:]
    var counts: [Int32] = []
    for (index, source) in sources.enumerated() {
      var own = [Int32](repeating: -1, count: source.functions.count)
      for number in source.functions.indices where passes(index, number) {
        let key = source.keys[number]
        if let place = found[key] {
          own[number] = place
          counts[Int(place)] += 1
        } else {
          own[number] = Int32(list.count)
          found[key] = own[number]
          counts.append(1)
          let function = source.functions[number]
          list.append(
            RequestName(
              service: function.service, requestType: function.requestType, version: function.version))
        }
      }
      places.append(own)
    }
    var starts = [Int32](repeating: 0, count: list.count + 1)
    for place in counts.indices { starts[place + 1] = starts[place] + counts[place] }
    var next = starts
    var parts = [Part](repeating: Part(source: 0, number: 0), count: Int(starts[list.count]))
    for (index, own) in places.enumerated() {
      for (number, place) in own.enumerated() where place >= 0 {
        parts[Int(next[Int(place)])] = Part(source: Int32(index), number: Int32(number))
        next[Int(place)] += 1
      }
    }
    var ranks = [Int32](repeating: 0, count: list.count)
    let sorted = list.indices.sorted { list[$0].precedes(list[$1]) }
    for (rank, place) in sorted.enumerated() { ranks[place] = Int32(rank) }
    var seen: Set<[ByteText]> = []
    several = Set(list.map { [$0.service, $0.requestType] }.filter { !seen.insert($0).inserted })
    ids = list.map { RequestRow.id(service: $0.service, requestType: $0.requestType, version: $0.version) }
    (self.list, self.places, self.starts, self.parts, self.ranks) = (list, places, starts, parts, ranks)
  }

  func isOfSeveralVersions(service: ByteText, requestType: ByteText) -> Bool {
    !several.isEmpty && several.contains([service, requestType])
  }

  /// What a function is put together of, gateways that tell something now first.
  func parts(of place: Int) -> ArraySlice<Part> { parts[Int(starts[place])..<Int(starts[place + 1])] }

  /// A number that is made of the names alone, and so as long the same as they are.
  package func remembered(_ what: String, _ make: () -> Int) -> Int {
    if let known = remembered.withLock({ $0[what] }) { return known }
    let made = make()
    remembered.withLock { $0[what] = made }
    return made
  }
}
