import GenAPIValue

/// What a rule about functions is about: functions, services, or all together, each with the functions it is put together of. Made anew
/// when a gateway has another function, not when one does something.
final class AlertSubjects: FunctionNames {
  /// Versions and gateways together, in the order of their names.
  let list: [ByteText]
  let parts: FunctionParts

  init(_ sources: [RequestSource], selector: AlertSelector?, needsManyRequests: Bool) {
    let (names, places) = FunctionParts.places(sources) { source, _, number in
      let function = source.functions[number]
      // Requests for functions that do not exist always fail: their share says something about clients only.
      if needsManyRequests, function.service == RequestRow.unsupported { return nil as ByteText? }
      return Self.name(service: function.service, requestType: function.requestType, selector)
    }
    let sorted = names.indices.sorted { names[$0].precedesNaturally(names[$1]) }
    var ranks = [Int32](repeating: 0, count: names.count)
    for (rank, place) in sorted.enumerated() { ranks[place] = Int32(rank) }
    list = sorted.map { names[$0] }
    parts = FunctionParts(
      count: names.count, places: places.map { own in own.map { $0 < 0 ? $0 : ranks[Int($0)] } })
  }

  /// nil for what the selector does not mean.
  private static func name(service: ByteText, requestType: ByteText, _ selector: AlertSelector?) -> ByteText?
  {
    guard let selector else { return "all" }
    guard selector.matches(service: service, requestType: requestType) else { return nil }
    return selector.namesFunctions ? [service, requestType].joinedUniquely(by: UInt8(ascii: " ")) : service
  }
}
