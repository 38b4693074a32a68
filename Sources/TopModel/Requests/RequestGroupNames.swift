import GenAPITelemetry
import GenAPIValue

/// What functions are grouped by, each once, and which of each gateway's functions they have: made anew when a gateway has another function.
final class RequestGroupNames: FunctionNames {
  struct Group: Hashable, Sendable {
    var name: ByteText
    var version: ByteText?
  }

  /// By place.
  let list: [Group]
  /// By place: how many functions it has.
  let functionCounts: [Int]
  let parts: FunctionParts

  /// - Parameter group: what a function is of; nil for one that is not meant.
  init(
    _ sources: [RequestSource], by group: (_ source: RequestSource, _ index: Int, _ number: Int) -> Group?
  ) {
    var list: [Group] = []
    var counts: [Int] = []
    var places: [[Int32]] = []
    var found: [Group: Int32] = [:]
    // What several gateways have counts once for a group.
    var seen: [Set<ByteText>] = []
    for (index, source) in sources.enumerated() {
      var own = [Int32](repeating: -1, count: source.functions.count)
      for number in source.functions.indices {
        guard let group = group(source, index, number) else { continue }
        let place: Int32
        if let known = found[group] {
          place = known
        } else {
          place = Int32(list.count)
          found[group] = place
          list.append(group)
          counts.append(0)
          seen.append([])
        }
        own[number] = place
        if seen[Int(place)].insert(source.keys[number]).inserted { counts[Int(place)] += 1 }
      }
      places.append(own)
    }
    (self.list, functionCounts) = (list, counts)
    parts = FunctionParts(count: list.count, places: places)
  }
}
