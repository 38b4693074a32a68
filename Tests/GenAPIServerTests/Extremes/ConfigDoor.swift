import ErlangNode
import GenAPIFiles
import GenAPIGateway
import GenAPIValue
import TOMLFile
import Testing

@testable import GenAPICluster
@testable import GenAPIServer

/// The ways by which a function's config comes into a gateway.
enum ConfigDoor: CaseIterable, Sendable {
  /// The server's own file.
  case file
  /// A file of functions.
  case functionFile
  /// Terms that a service node sends.
  case push
  case pull
  case code

  static let service: ByteText = "extremes"

  /// Brings a config in; false when it was refused.
  func register(_ config: Value, on gateway: Gateway, _ nodes: FunctionRegistry) async throws -> Bool {
    switch self {
    case .file:
      let text = try #require(Value.object(["functions": [config]]).toml)
      do throws(ConfigurationFaultList) {
        let read = try ServerConfiguration(
          toml: "[auth]\nmode = \"anonymous\"\n" + text, file: "g.toml", environment: [:])
        add(read.functions, gateway)
        return true
      } catch {
        return false
      }
    case .functionFile:
      do throws(FunctionConfigFileError) {
        let read = try FunctionConfigFile.read(
          Value.object(["functions": [config]]).json, .json, file: "f.json")
        add(read, gateway)
        return true
      } catch {
        return false
      }
    case .push:
      let term = TermValue.term([
        "service": .string(Self.service), "nodes": ["a@test"], "config_version": "1", "fun_configs": [config],
      ])
      let decoded = try TermDecoder().decode(TermEncoder().encode(term))
      guard let value = try? ElixirConfig.pushValue(of: decoded) else { return false }
      do {
        let result = try gateway.receiver.push(try PushConfig(value), force: true)
        return result == .accepted(stored: 1, faults: [])
      } catch {
        return false
      }
    case .pull:
      nodes.register("Extremes.configs") { _ in .ok([config]) }
      gateway.configs.clear()
      gateway.puller.add(
        PullSource(
          service: Self.service, nodes: .list(["a@test"]), function: FunctionReference("Extremes", "configs"))
      )
      await gateway.puller.pull(Self.service)
      return gateway.configs.count == 1
    case .code:
      do {
        try gateway.configs.add(try FunctionConfig(config))
        return true
      } catch {
        return false
      }
    }
  }

  /// What a file holds is valid, so that the store takes it.
  private func add(_ configs: [FunctionConfig], _ gateway: Gateway) {
    for config in configs {
      #expect(throws: Never.self) { try gateway.configs.add(config) }
    }
  }
}
