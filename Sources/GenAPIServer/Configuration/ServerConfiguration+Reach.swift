import GenAPIGateway
import GenAPIValue

extension ServerConfiguration {
  /// Other nodes are reached through the cluster alone: without one each call to them would fail.
  ///
  /// - Returns: why no call to these nodes can work; nil when nothing is known against them.
  func reachFault(_ nodes: NodeSource, _ reader: ServerSettingReader) -> ByteText? {
    guard case .list(let names) = nodes, let first = names.first, cluster == nil,
      // A cluster that has a fault of its own is one.
      !reader.isSet("cluster.name")
    else { return nil }
    return
      "nodes are reached through a cluster, and there is none: \(first.cut(bytes: 64)) needs cluster.name in [cluster]"
  }

  /// The same for the services to pull, which are read before the cluster is.
  func checkReach(_ reader: inout ServerSettingReader) {
    for (index, table) in (reader.root["pull"]?["services"]?.array ?? []).enumerated() {
      guard let service = try? PullSource(table), let reason = reachFault(service.nodes, reader) else {
        continue
      }
      reader.faults.append(
        ConfigurationFault(
          source: reader.file, line: reader.lines.line(of: "pull.services.\(index).nodes"),
          key: "pull.services[\(index)]", reason: reason.string))
    }
  }
}
