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
    let (list, places) = FunctionParts.places(sources, by: group)
    var counts = [Int](repeating: 0, count: list.count)
    // What several gateways have counts once for a group.
    var seen = [Set<ByteText>](repeating: [], count: list.count)
    for (source, own) in zip(sources, places) {
      for number in own.indices where own[number] >= 0 {
        let place = Int(own[number])
        if seen[place].insert(source.keys[number]).inserted { counts[place] += 1 }
      }
    }
    (self.list, functionCounts) = (list, counts)
    parts = FunctionParts(count: list.count, places: places)
  }
}
