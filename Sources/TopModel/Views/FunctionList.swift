import GenAPITelemetry
import GenAPIValue

/// Functions of configs in their order, of which those of one service are found without going through the others: a page asks for them
/// several times a frame.
package struct FunctionList: Sendable {
  private let list: [FunctionState]
  /// By service: where its functions stand.
  private let places: [ByteText: [Int32]]

  package init(_ list: [FunctionState] = []) {
    self.list = list
    var places: [ByteText: [Int32]] = [:]
    for (place, function) in list.enumerated() { places[function.service, default: []].append(Int32(place)) }
    self.places = places
  }

  /// Those of a service, in order.
  package func of(_ service: ByteText) -> [FunctionState] {
    places[service, default: []].map { list[Int($0)] }
  }

  /// All versions of a function, in order.
  package func of(_ service: ByteText, _ requestType: ByteText) -> [FunctionState] {
    Array(places[service, default: []].lazy.map { list[Int($0)] }.filter { $0.requestType == requestType })
  }

  /// The config of a function. Where its numbers name no version, as those of an Elixir gateway, that of its newest version, enabled
  /// ones before the others.
  package func config(service: ByteText, requestType: ByteText, version: ByteText?) -> FunctionState? {
    let alike = of(service, requestType)
    if let exact = alike.first(where: { $0.version == version }) { return exact }
    guard version == nil else { return nil }
    return alike.max { one, other in
      if one.enabled != other.enabled { return other.enabled }
      return (one.version ?? "").precedesNaturally(other.version ?? "")
    }
  }
}

extension FunctionList: RandomAccessCollection, ExpressibleByArrayLiteral {
  package var startIndex: Int { list.startIndex }
  package var endIndex: Int { list.endIndex }
  package subscript(place: Int) -> FunctionState { list[place] }

  package init(arrayLiteral functions: FunctionState...) { self.init(functions) }
}

extension FunctionList: Equatable {
  package static func == (one: FunctionList, other: FunctionList) -> Bool { one.list == other.list }
}
