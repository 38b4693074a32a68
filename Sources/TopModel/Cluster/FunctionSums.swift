import GenAPITelemetry
import GenAPIValue

/// The sums of functions, or of groups of them, found by key once for each gateway.
struct FunctionSums {
  var list: [FunctionSum] = []
  private var places: [ByteText: Int] = [:]
  /// By place: the functions of a group; empty where each function stands by itself.
  private var functions: [Set<ByteText>] = []

  /// What functions are added up by.
  struct Group {
    var name: ByteText
    var version: ByteText?
  }

  mutating func place(of key: ByteText, or make: () -> FunctionSum) -> Int {
    if let place = places[key] { return place }
    list.append(make())
    places[key] = list.count - 1
    return list.count - 1
  }

  mutating func place(of group: Group, function: ByteText, slots: Int) -> Int {
    let key = group.version.map { "\(group.name)\u{1F}\($0)" } ?? group.name
    let place = place(of: key) {
      FunctionSum(
        SeriesState(service: group.name, requestType: "", version: group.version), slots: slots)
    }
    while functions.count <= place { functions.append([]) }
    functions[place].insert(function)
    return place
  }

  /// How many functions a group has.
  func functionCount(at place: Int) -> Int { functions.indices.contains(place) ? functions[place].count : 1 }
}
