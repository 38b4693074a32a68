import GenAPITelemetry
import GenAPIValue

/// Which functions of which gateways are added up together: each by itself, those of a service, all that a rule means. By place.
struct FunctionParts: Sendable {
  /// A gateway, by its place among the sources, and a number in its history.
  struct Part: Sendable {
    /// In place of a number: all functions of the gateway.
    static let all: Int32 = -1

    var source: Int32
    var number: Int32
  }

  /// By place: where its parts begin, and behind the last where they end.
  private let starts: [Int32]
  private let parts: [Part]
  /// By source and number of a function its place; -1 for one that is not meant.
  let places: [[Int32]]

  var count: Int { starts.count - 1 }

  init(count: Int, places: [[Int32]]) {
    // What a gateway adds up of all its functions anyway is not added up again.
    let wholes = places.map { own in
      own.count > 1 && own[0] >= 0 && own.allSatisfy { $0 == own[0] } ? own[0] : -1
    }
    var counts = [Int32](repeating: 0, count: count)
    for (source, own) in places.enumerated() {
      if wholes[source] >= 0 {
        counts[Int(wholes[source])] += 1
      } else {
        for place in own where place >= 0 { counts[Int(place)] += 1 }
      }
    }
    var starts = [Int32](repeating: 0, count: count + 1)
    for place in counts.indices { starts[place + 1] = starts[place] + counts[place] }
    var next = starts
    var parts = [Part](repeating: Part(source: 0, number: 0), count: Int(starts[count]))
    for (source, own) in places.enumerated() {
      func add(_ place: Int32, _ number: Int32) {
        parts[Int(next[Int(place)])] = Part(source: Int32(source), number: number)
        next[Int(place)] += 1
      }
      if wholes[source] >= 0 {
        add(wholes[source], Part.all)
      } else {
        for (number, place) in own.enumerated() where place >= 0 { add(place, Int32(number)) }
      }
    }
    (self.starts, self.parts, self.places) = (starts, parts, places)
  }

  /// What is added up at a place, in the order of the sources.
  subscript(place: Int) -> ArraySlice<Part> { parts[Int(starts[place])..<Int(starts[place + 1])] }

  /// The parts of a place that count: a silent gateway's last numbers stand for a function only where no other gateway tells of it.
  /// Added to live ones they would be a rate that nobody has.
  ///
  /// - Parameter sources: those that are not silent first.
  func counted(_ place: Int, _ sources: [RequestSource]) -> ArraySlice<Part> {
    let parts = self[place]
    guard let first = parts.first, let last = parts.last, sources[Int(last.source)].isStale,
      !sources[Int(first.source)].isStale
    else { return parts }
    return parts.prefix { !sources[Int($0.source)].isStale }
  }
}

/// What functions are called that are added up, by place.
protocol FunctionNames: AnyObject, Sendable {
  var parts: FunctionParts { get }
}

extension FunctionParts {
  /// Puts functions together that have a name in common.
  ///
  /// - Parameter name: what a function is of; nil for one that is not meant.
  /// - Returns: the names as they were met, and by source and number of a function the place of its name, below zero where it is not meant.
  static func places<Name: Hashable>(
    _ sources: [RequestSource], by name: (_ source: RequestSource, _ index: Int, _ number: Int) -> Name?
  ) -> (names: [Name], places: [[Int32]]) {
    var names: [Name] = []
    var found: [Name: Int32] = [:]
    let places = sources.enumerated().map { index, source in
      source.functions.indices.map { number -> Int32 in
        guard let name = name(source, index, number) else { return -1 }
        if let place = found[name] { return place }
        found[name] = Int32(names.count)
        names.append(name)
        return Int32(names.count - 1)
      }
    }
    return (names, places)
  }
}
