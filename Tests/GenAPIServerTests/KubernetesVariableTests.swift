import GenAPIGateway
import Testing

@testable import GenAPIServer

@Suite("What Kubernetes sets for services, and settings of the same names")
struct KubernetesVariableTests {
  private static let toml = "[auth]\nmode = \"anonymous\"\nrequire_verified_user_id = false\n"
  private static let url = "tcp://10.0.0.5:4369"

  private func read(_ environment: [String: String]) throws -> ServerConfiguration {
    try ServerConfiguration(toml: Self.toml, file: "gateway.toml", environment: environment)
  }

  private func variables() throws -> [String] {
    try read([:]).settings.filter { !$0.isTable }.map { ServerSettingReader.variable($0.key) }
  }

  /// All that Kubernetes sets for a service with one port.
  private func links(_ prefix: String) -> [String: String] {
    [
      prefix + "_SERVICE_HOST": "10.0.0.5", prefix + "_SERVICE_PORT": "4369",
      prefix + "_SERVICE_PORT_EPMD": "4369",
      prefix + "_PORT": Self.url, prefix + "_PORT_4369_TCP": Self.url, prefix + "_PORT_4369_TCP_PROTO": "tcp",
      prefix + "_PORT_4369_TCP_PORT": "4369", prefix + "_PORT_4369_TCP_ADDR": "10.0.0.5",
    ]
  }

  @Test(
    "a service that is called as a setting, or as what stands before its _PORT, keeps no gateway from starting"
  )
  func services() throws {
    let settings = try variables()
    let all = Set(settings)
    for variable in settings {
      var services = [variable]
      if variable.hasSuffix("_PORT") { services.append(String(variable.dropLast(5))) }
      for service in services {
        let links = links(service)
        let configuration = try read(links)
        let told = configuration.warnings.filter { $0.hasPrefix("$") }
        // A line for each that would have been a setting, which then has its default.
        #expect(
          told.sorted()
            == links.keys.filter(all.contains).sorted().map {
              "$\($0) is what Kubernetes says of a service, and counts as not set"
            })
        #expect(configuration.settings.allSatisfy { !"\($0.origin)".hasPrefix("$GENAPI") })
      }
    }
    #expect(
      try read(links("GENAPI_CLUSTER_EPMD")).warnings.contains { $0.hasPrefix("$GENAPI_CLUSTER_EPMD_PORT ") })
  }

  @Test(
    "the address of a service alone is held by a setting that takes it, passed over where Kubernetes names it, or a fault there"
  )
  func alone() throws {
    var passed: [String] = []
    for variable in try variables() {
      do throws(ConfigurationFaultList) {
        let configuration = try ServerConfiguration(
          toml: Self.toml, file: "gateway.toml", environment: [variable: Self.url])
        if configuration.warnings.contains(where: { $0.hasPrefix("$\(variable) is what Kubernetes") }) {
          passed.append(variable)
        } else {
          #expect(configuration.settings.contains { $0.origin == .environment(variable) }, "\(variable)")
        }
      } catch {
        #expect(!variable.hasSuffix("_PORT"), "\(error)")
      }
    }
    #expect(passed.contains("GENAPI_CLUSTER_EPMD_PORT"))
    #expect(passed.allSatisfy { $0.hasSuffix("_PORT") }, "\(passed)")
  }

  @Test("a setting's variable that Kubernetes did not set is the setting, whatever services there are")
  func own() throws {
    var environment = links("GENAPI_CLUSTER_EPMD")
    environment["GENAPI_CLUSTER_EPMD_PORT"] = "4370"
    let setting = try read(environment).settings.first { $0.key == "cluster.epmd_port" }
    #expect(setting?.value == "4370" && setting?.origin == .environment("GENAPI_CLUSTER_EPMD_PORT"))
    environment["GENAPI_CLUSTER_EPMD_PORT"] = "tcp://10.0.0.5"
    #expect(throws: ConfigurationFaultList.self) { try read(environment) }
  }
}
