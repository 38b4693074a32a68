import ErlangNode

/// The gateway's place in an Erlang cluster.
public struct ClusterConfiguration: Sendable {
  public var node: LocalNodeConfiguration
  /// Nodes to stay connected to.
  public var seeds: [String] = []
  /// Roles by node, for `Cluster.nodes_with_role`.
  public var roles: [String: Set<String>] = [:]

  init(node: LocalNodeConfiguration) { self.node = node }
}

extension ClusterConfiguration {
  /// nil when the file has no `cluster.name`.
  static func read(_ reader: inout SettingReader) -> ClusterConfiguration? {
    let name = reader.string("cluster.name", nil)
    let cookie = reader.secret("cluster.cookie", "cluster.cookie_file")
    let epmdPort = reader.int("cluster.epmd_port", EpmdClient.standardPort, 1...65_535)
    let port = reader.int("cluster.listen_port", 0, 0...65_535)
    let isHidden = reader.bool("cluster.hidden", true)
    let tick = reader.milliseconds("cluster.tick_ms", 60_000, 1_000...86_400_000)
    let seeds = reader.strings("cluster.seeds", [])
    let nodes = reader.tables("cluster.nodes")
    guard let name else { return nil }
    guard NodeName(name) != nil else {
      reader.fault("cluster.name", "must be name@host, not \"\(name.prefix(64))\"")
      return nil
    }
    let secret: Cookie
    do {
      secret = try cookie.map { Cookie($0) } ?? Cookie.fromHome()
    } catch {
      reader.fault("cluster.cookie", "is needed here, in cookie_file or in ~/.erlang.cookie: \(error)")
      return nil
    }
    for seed in seeds where NodeName(seed) == nil {
      reader.fault("cluster.seeds", "must be a list of name@host, not \"\(seed.prefix(64))\"")
    }
    var node = LocalNodeConfiguration(name: name, cookie: secret)
    node.epmd = EpmdClient(port: epmdPort)
    node.listenPort = port
    node.isHidden = isHidden
    node.tickMs = tick
    var configuration = ClusterConfiguration(node: node)
    configuration.seeds = seeds
    for (index, table) in nodes.enumerated() {
      guard let name = table["name"]?.string, NodeName(name) != nil, let roles = table["roles"]?.array,
        roles.allSatisfy({ $0.string != nil }), table.object?.count == 2
      else {
        reader.fault("cluster.nodes.\(index)", "must have a name, name@host, and roles, a list of strings")
        continue
      }
      configuration.roles[name] = Set(roles.compactMap(\.string))
    }
    return configuration
  }
}
