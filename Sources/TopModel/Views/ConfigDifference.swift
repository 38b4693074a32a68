import GenAPITelemetry
import GenAPIValue

/// Something that gateways have differently of one function.
package struct ConfigDifference: Equatable, Sendable {
  package var requestType: ByteText
  package var version: ByteText?
  /// A setting's name; `exists` for a function that some gateways do not have, `version` for one that they have in others.
  package var setting: ByteText
  /// By the gateway's name.
  package var values: [ByteText: ByteText]

  package init(
    requestType: ByteText, version: ByteText? = nil, setting: ByteText, values: [ByteText: ByteText]
  ) {
    self.requestType = requestType
    self.version = version
    self.setting = setting
    self.values = values
  }

  static let exists: ByteText = "exists"
  static let enabled: ByteText = "enabled"

  /// `gw3 900 ms, others 5000 ms`: the gateways that are fewest with their value first; the others need no names where they
  /// are more than any other side.
  package var told: ByteText {
    let sides = Dictionary(grouping: values.keys.sortedNaturally()) { values[$0] ?? "" }
      .sorted { ($0.value.count, $0.value[0]) < ($1.value.count, $1.value[0]) }
    return sides.enumerated().map { place, side -> ByteText in
      let isMost = place == sides.count - 1 && place > 0 && side.value.count > sides[place - 1].value.count
      let names: ByteText = isMost ? "others" : side.value.joined(separator: " ")
      return "\(names) \(side.key.isEmpty ? "none" : side.key)"
    }.joined(separator: ", ")
  }

  /// `get_user`, `get_user@1.0.0`.
  package var name: ByteText { requestType + (version.map { "@" + $0 } ?? "") }
}

extension FunctionState {
  /// What a config says, by the names that the details of a function have for it.
  var settings: [(name: ByteText, value: ByteText)] {
    [
      (ConfigDifference.enabled, enabled ? "yes" : "no"),
      ("nodes", nodes.sortedNaturally().joined(separator: ", ")),
      ("answers", responseType), ("timeout", timeoutMs.map { "\($0) ms" } ?? "none"),
      ("permission", permission), ("retry", retry ?? "none"), ("node choice", chooseNode),
      ("hooks", hooks.joined(separator: ", ")), ("from", source),
    ]
  }

  /// The same config, whenever it came.
  func isConfigured(like other: FunctionState) -> Bool {
    enabled == other.enabled && timeoutMs == other.timeoutMs && responseType == other.responseType
      && permission == other.permission && retry == other.retry && chooseNode == other.chooseNode
      && source == other.source && hooks == other.hooks
      && (nodes == other.nodes || nodes.sorted() == other.nodes.sorted())
  }
}
