import GenAPITelemetry
import GenAPIValue

/// What gateways have differently of one service: the one comparison that the configs pane, the details of a service, alerts,
/// `genapi-top check` and the summary go by.
///
/// Among the gateways that have the service; silent ones count only where there are no others.
package struct ServiceComparison: Equatable, Sendable {
  package var service: ByteText
  /// The service's version of its configs on each gateway, by the gateway's name; nil where it tells none.
  package var versions: [ByteText: ByteText?]
  /// Functions that some gateways do not have, or have in another version or with another config.
  package var differences: [ConfigDifference]

  package init(
    service: ByteText, versions: [ByteText: ByteText?] = [:], differences: [ConfigDifference] = []
  ) {
    self.service = service
    self.versions = versions
    self.differences = differences
  }

  /// Gateways disagree about the version; telling none is a version of its own.
  package var versionsDiffer: Bool { Set(versions.values).count > 1 }

  /// Gateways disagree about the version, or about a function.
  package var isMismatched: Bool { versionsDiffer || !differences.isEmpty }

  /// The gateways on which a function is disabled while it is enabled on others; empty where they agree.
  package func disabling(_ function: FunctionState) -> ByteText {
    let difference = differences.first {
      $0.setting == ConfigDifference.enabled && $0.requestType == function.requestType
        && ($0.version == nil || $0.version == function.version)
    }
    return difference?.values.filter { $0.value == "no" }.keys.sortedNaturally().joined(separator: " ") ?? ""
  }

  /// What differs, in a few words; empty when nothing does.
  package var text: ByteText {
    if versionsDiffer {
      return Set(versions.values.map { $0 ?? "none" }).sortedNaturally().joined(separator: " / ")
    }
    guard let first = differences.first else { return "" }
    let names = Set(differences.map(\.name))
    guard names.count == 1 else { return "\(names.count) functions differ" }
    let settings = Set(differences.map(\.setting))
    guard settings.count == 1 else { return "\(first.name): \(settings.count) settings differ" }
    if first.setting == ConfigDifference.exists {
      let without = first.values.filter { $0.value == "no" }.keys.sortedNaturally()
      return "\(first.name) not on \(without.joined(separator: " "))"
    }
    return "\(first.name): \(first.setting) differs"
  }
}

extension ServiceComparison {
  /// What differs, function by function, with what each gateway says; empty when nothing does.
  package var detail: ByteText {
    var parts: [ByteText] = []
    if versionsDiffer { parts.append("version " + Self.told(versions.mapValues { $0 ?? "none" })) }
    for difference in differences.prefix(Self.mostTold) {
      let without = difference.values.filter { $0.value == "no" }
      parts.append(
        difference.setting == ConfigDifference.exists
          ? "\(difference.name): not\(Self.told(without.mapValues { _ in "" }))"
          : "\(difference.name): \(difference.setting) \(Self.told(difference.values))")
    }
    let more = differences.count - Self.mostTold
    return parts.joined(separator: "; ") + (more > 0 ? "; and \(more) more" : "")
  }

  /// Differences of one service that are told in a line.
  private static let mostTold = 5
  /// Gateways that are named with one value.
  private static let mostNamed = 5

  /// `5000 on gw1 gw2, 3000 on gw3`
  private static func told(_ values: [ByteText: ByteText]) -> ByteText {
    Dictionary(grouping: values.keys.sortedNaturally()) { values[$0] ?? "" }
      .sorted { $0.key.precedesNaturally($1.key) }
      .map { value, gateways in
        let named: ByteText = gateways.prefix(mostNamed).joined(separator: " ")
        let more = gateways.count - mostNamed
        return "\(value.cut(bytes: 80)) on \(named)\(more > 0 ? " and \(more) more" : "")"
      }.joined(separator: ", ")
  }
}

extension ServiceComparison {
  /// How one gateway has the service.
  struct Side {
    var gateway: ByteText
    var version: ByteText?
    /// Of the service.
    var functions: [FunctionState]
  }

  /// - Parameter sides: the gateways that have the service.
  init(service: ByteText, comparing sides: [Side]) {
    self.service = service
    versions = Dictionary(sides.map { ($0.gateway, $0.version) }, uniquingKeysWith: { $1 })
    differences = sides.count > 1 ? Self.differences(sides) : []
  }

  private static func differences(_ sides: [Side]) -> [ConfigDifference] {
    var found: [ConfigDifference] = []
    // By request type, then by version, then by gateway.
    var types: [ByteText: [ByteText: [ByteText: FunctionState]]] = [:]
    for side in sides {
      for function in side.functions {
        types[function.requestType, default: [:]][function.version ?? "", default: [:]][side.gateway] =
          function
      }
    }
    for (type, versions) in types.sorted(by: { $0.key.precedesNaturally($1.key) }) {
      let isOther = isOtherVersion(versions, sides)
      if isOther {
        found.append(otherVersions(of: type, versions, sides))
        found += acrossVersions(of: type, versions, sides)
      }
      for (_, byGateway) in versions.sorted(by: { $0.key.precedesNaturally($1.key) }) {
        found += differences(byGateway, among: sides, tellsMissing: !isOther)
      }
    }
    return found
  }

  /// Every gateway has the function, and not in the same versions.
  private static func isOtherVersion(
    _ versions: [ByteText: [ByteText: FunctionState]], _ sides: [Side]
  ) -> Bool {
    guard versions.count > 1, versions.values.contains(where: { $0.count < sides.count }) else {
      return false
    }
    return sides.allSatisfy { side in versions.values.contains { $0[side.gateway] != nil } }
  }

  private static func otherVersions(
    of type: ByteText, _ versions: [ByteText: [ByteText: FunctionState]], _ sides: [Side]
  ) -> ConfigDifference {
    var values: [ByteText: ByteText] = [:]
    for side in sides {
      let own: [ByteText] = versions.filter { $0.value[side.gateway] != nil }.keys.sortedNaturally()
      let names: [ByteText] = own.map { $0.isEmpty ? "none" : $0 }
      values[side.gateway] = names.joined(separator: ", ")
    }
    return ConfigDifference(requestType: type, setting: "version", values: values)
  }

  /// What differs beside the version, where each gateway has one: a config that was changed is often one of a new version.
  private static func acrossVersions(
    of type: ByteText, _ versions: [ByteText: [ByteText: FunctionState]], _ sides: [Side]
  ) -> [ConfigDifference] {
    var own: [ByteText: FunctionState] = [:]
    for side in sides {
      let functions = versions.values.compactMap { $0[side.gateway] }
      guard functions.count == 1 else { return [] }
      own[side.gateway] = functions[0]
    }
    return settingsThatDiffer(own).map { setting, values in
      ConfigDifference(requestType: type, setting: setting, values: values)
    }
  }

  /// The settings that gateways have differently, with what each says.
  private static func settingsThatDiffer(_ byGateway: [ByteText: FunctionState]) -> [(
    name: ByteText, values: [ByteText: ByteText]
  )] {
    guard let first = byGateway.first?.value, !byGateway.values.allSatisfy({ $0.isConfigured(like: first) })
    else { return [] }
    let all = byGateway.mapValues(\.settings)
    var found: [(name: ByteText, values: [ByteText: ByteText])] = []
    for place in first.settings.indices {
      let values = all.mapValues { $0[place].value }
      if Set(values.values).count > 1 { found.append((first.settings[place].name, values)) }
    }
    return found
  }

  private static func differences(
    _ byGateway: [ByteText: FunctionState], among sides: [Side], tellsMissing: Bool
  ) -> [ConfigDifference] {
    guard let first = byGateway.first?.value else { return [] }
    func difference(_ setting: ByteText, _ values: [ByteText: ByteText]) -> ConfigDifference {
      ConfigDifference(
        requestType: first.requestType, version: first.version, setting: setting, values: values)
    }
    var found: [ConfigDifference] = []
    if tellsMissing, byGateway.count < sides.count {
      let there: [(ByteText, ByteText)] = sides.map {
        ($0.gateway, byGateway[$0.gateway] == nil ? "no" : "yes")
      }
      found.append(difference(ConfigDifference.exists, Dictionary(there, uniquingKeysWith: { $1 })))
    }
    return found + settingsThatDiffer(byGateway).map { difference($0.name, $0.values) }
  }
}
