import GenAPIValue

/// In whose words the faults of a config are told: files and services write other names than Swift code.
package enum FaultWords: Sendable {
  /// As a config is written: `arg_types.limit`, `hook_timeout`.
  case config
  /// As an endpoint is written: `argument "limit"`, `hookTimeout`.
  case swift

  private static let swiftNames: [ByteText: ByteText] = [
    "request_type": "the request type", "choose_node_mode": "chooseNode", "hook_timeout": "hookTimeout",
    "check_permission": "permission", "mfa": "function", "permission_callback": "permissionCallback",
    "before_execute": "beforeExecute", "after_execute": "afterExecute", "result_encoder": "resultEncoder",
    "max_bytes": "maxBytes", "max_items": "maxItems", "max_item_bytes": "maxItemBytes",
    "whole": "isWhole", "default_value": "the default",
  ]

  /// A field by its name in a config.
  func field(_ name: ByteText) -> ByteText {
    self == .swift ? Self.swiftNames[name] ?? name : name
  }

  func argument(_ name: ByteText) -> ByteText {
    self == .swift
      ? "argument \"\(ByteText(name.cut(bytes: 64).shown))\"" : "arg_types.\(PlaceText.key(name))"
  }

  func milliseconds(_ range: ClosedRange<Int64>) -> ByteText {
    guard self == .swift else { return "\(range.lowerBound) to \(range.upperBound) milliseconds" }
    return ByteText((Duration.milliseconds(range.lowerBound) ... .milliseconds(range.upperBound)).shown)
  }

  func milliseconds(_ count: Int64) -> ByteText {
    self == .swift ? ByteText(Duration.milliseconds(count).shown) : "\(count)"
  }
}
