import GenAPIValue

/// What a rule about functions is about: functions, services, or all together, each with the functions it is put together of. Made anew
/// when a gateway has another function, not when one does something.
final class AlertSubjects: Sendable {
  struct Subject: Sendable {
    var name: ByteText
    /// Versions and gateways together.
    var parts: [RequestNames.Part]
  }

  /// By name.
  let list: [Subject]

  init(_ sources: [RequestSource], selector: AlertSelector?, metric: AlertMetric) {
    var subjects: [Subject] = []
    var places: [ByteText: Int] = [:]
    for (index, source) in sources.enumerated() {
      for (number, function) in source.functions.enumerated() {
        // Requests for functions that do not exist always fail: their share says something about clients only.
        if metric.needsManyRequests, function.service == RequestRow.unsupported { continue }
        guard
          let name = Self.name(service: function.service, requestType: function.requestType, selector)
        else { continue }
        let part = RequestNames.Part(source: Int32(index), number: Int32(number))
        if let place = places[name] {
          subjects[place].parts.append(part)
        } else {
          places[name] = subjects.count
          subjects.append(Subject(name: name, parts: [part]))
        }
      }
    }
    list = subjects.sorted { $0.name.precedesNaturally($1.name) }
  }

  /// nil for what the selector does not mean.
  private static func name(service: ByteText, requestType: ByteText, _ selector: AlertSelector?) -> ByteText?
  {
    guard let selector else { return "all" }
    guard selector.matches(service: service, requestType: requestType) else { return nil }
    return selector.namesFunctions ? [service, requestType].joinedUniquely(by: UInt8(ascii: " ")) : service
  }
}
