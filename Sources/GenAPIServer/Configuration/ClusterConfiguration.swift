import ErlangNode
import Foundation
import GenAPICluster
import GenAPIValue
import Listening

/// The gateway's place in an Erlang cluster.
package struct ClusterConfiguration: Sendable {
  package var node: LocalNodeConfiguration
  /// Where the nodes to stay connected to come from.
  package var sources: [DiscoverySource] = []
  /// How often they are asked.
  package var discoveryInterval = Duration.seconds(10)
  /// Roles by node, for `Cluster.nodes_with_role`.
  package var roles: [ByteText: Set<ByteText>] = [:]

  init(node: LocalNodeConfiguration) { self.node = node }
}

extension ClusterConfiguration {
  /// nil when the file has no `cluster.name`.
  static func read(_ reader: inout ServerSettingReader) -> ClusterConfiguration? {
    let name = reader.name("cluster.name", nil)
    let cookie = reader.secret("cluster.cookie", "cluster.cookie_file")
    let epmdPort = reader.int("cluster.epmd_port", EpmdClient.standardPort, 1...65_535)
    let epmdWait = reader.milliseconds("cluster.epmd_wait_ms", .seconds(60), 0...3_600_000)
    let port = reader.int("cluster.listen_port", 0, 0...65_535)
    let isHidden = reader.bool("cluster.hidden", true)
    let tick = reader.milliseconds("cluster.tick_ms", .seconds(60), 100...86_400_000)
    let seeds = reader.names("cluster.seeds", [])
    let seedsFile = reader.name("cluster.seeds_file", nil)
    let seedsDNS = reader.names("cluster.seeds_dns", [])
    let interval = reader.milliseconds("cluster.discovery_interval_ms", .seconds(10), 100...86_400_000)
    // Both sides show the same kind of certificate, as `inet_tls_dist` has it.
    let tls = reader.tls("cluster", takesAuthority: true)
    let nodes = reader.tables("cluster.nodes")
    guard let name else { return nil }
    guard NodeName(name) != nil else {
      reader.fault("cluster.name", "must be name@host, not \"\(name.cut(bytes: 64))\"")
      return nil
    }
    if let host = NodeName(name)?.host.string, let reason = ListenHost.fault(host) {
      reader.fault("cluster.name", "the host \"\(host.cut(bytes: 64))\" \(reason)")
    }
    let secret: Cookie
    do {
      secret = try cookie.map { Cookie($0.string) } ?? Cookie.fromHome()
      if cookie == nil {
        reader.noteSecretFile(Cookie.homePath)
        reader.noteFile(Cookie.homePath, of: "cluster.cookie_file")
      }
    } catch {
      reader.fault("cluster.cookie", "is needed here, in cookie_file or in ~/.erlang.cookie: \(error)")
      return nil
    }
    for seed in seeds where NodeName(seed) == nil {
      reader.fault("cluster.seeds", "must be a list of name@host, not \"\(seed.cut(bytes: 64))\"")
    }
    for seed in seedsDNS where NodeName(seed) == nil {
      reader.fault("cluster.seeds_dns", "must be a list of name@host, not \"\(seed.cut(bytes: 64))\"")
    }
    var node = LocalNodeConfiguration(name: name, cookie: secret)
    node.epmd = EpmdClient(port: epmdPort)
    node.epmdWait = epmdWait
    node.listenPort = port
    node.isHidden = isHidden
    node.tickTime = tick
    node.tls = tls
    var configuration = ClusterConfiguration(node: node)
    if !seeds.isEmpty { configuration.sources.append(.nodes(seeds)) }
    if let seedsFile {
      let path = ByteText(reader.path(seedsFile.string))
      configuration.sources.append(.file(path))
      // Whoever writes it may do so later, and it is read again all the time: what is wrong with it stops nothing.
      do throws(DiscoveryError) {
        _ = try DiscoverySource.read(path)
      } catch {
        reader.warnings.append("cluster.seeds_file: \(ByteText(error.description).shown)")
      }
    }
    configuration.sources += seedsDNS.map(DiscoverySource.dns)
    configuration.discoveryInterval = interval
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
