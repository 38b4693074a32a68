import GenAPITelemetry
import GenAPIValue

extension Collection where Element == FunctionState {
  /// The config of a function. Where its numbers name no version, as those of an Elixir gateway, that of its newest version, enabled
  /// ones before the others.
  package func config(service: ByteText, requestType: ByteText, version: ByteText?) -> FunctionState? {
    let alike = filter { $0.service == service && $0.requestType == requestType }
    if let exact = alike.first(where: { $0.version == version }) { return exact }
    guard version == nil else { return nil }
    return alike.max { one, other in
      if one.enabled != other.enabled { return other.enabled }
      return (one.version ?? "").precedesNaturally(other.version ?? "")
    }
  }
}
