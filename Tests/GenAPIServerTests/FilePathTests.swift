import Foundation
import GenAPIStream
import Testing

@testable import GenAPIServer

@Suite("Paths and empty files of a configuration")
struct FilePathTests {
  private static let start = "[auth]\nmode = \"anonymous\"\nrequire_verified_user_id = false\n"

  private func read(
    _ toml: String, file: String = "/etc/genapi/gateway.toml", _ environment: [String: String] = [:]
  ) throws -> ServerConfiguration {
    try ServerConfiguration(toml: toml, file: file, environment: environment)
  }

  private func faults(_ toml: String, _ environment: [String: String] = [:]) -> [String] {
    do throws(ConfigurationFaultList) {
      _ = try ServerConfiguration(toml: toml, file: "/etc/genapi/gateway.toml", environment: environment)
      return []
    } catch {
      return error.faults.map(\.description)
    }
  }

  @Test("the sockets of the file are relative to its folder, as all paths in it are")
  func sockets() throws {
    let text =
      Self.start
      + "[health]\nsocket = \"ctl.sock\"\n[telemetry]\nlisten = [\"unix:top.sock\", \"unix:/run/a\"]\n"
    let configuration = try read(text)
    #expect(configuration.controlPath == "/etc/genapi/ctl.sock")
    #expect(
      configuration.telemetry.addresses == [.unix(path: "/etc/genapi/top.sock"), .unix(path: "/run/a")])
    #expect(try read(text, file: "gateway.toml").controlPath == "ctl.sock")
    let long = "[health]\nsocket = \"\(String(repeating: "s", count: 100))\"\n"
    #expect(faults(Self.start + long).count == 1)
    #expect(try read(Self.start, ["GENAPI_HEALTH_SOCKET": "/run/b"]).controlPath == "/run/b")
    #expect(
      faults(Self.start, ["GENAPI_HEALTH_SOCKET": "ctl.sock"]) == [
        "$GENAPI_HEALTH_SOCKET: health.socket: must be a whole path in a variable, not \"ctl.sock\""
      ])
  }

  @Test("of an empty file it is said first that it is empty, and no setting that is missing stands alone")
  func empty() {
    for text in ["", "\n", " \t\r\n\n"] {
      let found = faults(text)
      #expect(found.first == "/etc/genapi/gateway.toml: is empty" && found.count == 2, "\(found)")
    }
    #expect(
      faults("# [auth]\n").first == "/etc/genapi/gateway.toml: sets nothing: there are only comments in it")
    // With the rest in the environment it is right.
    #expect(faults("", ["GENAPI_AUTH_SECRET": "sixteen bytes or more"]).isEmpty)
  }

  @Test("a file that the configuration names and that is empty is said to be empty, whatever it is for")
  func others() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("empty-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for name in ["a.toml", "a.json", "a.jwks", "secret", "cert.pem", "key.pem"] {
      try Data("\n".utf8).write(to: folder.appendingPathComponent(name))
    }
    for settings in [
      "function_files = [\"a.toml\"]\nauth.secret = \"sixteen bytes or more\"",
      "function_files = [\"a.json\"]\nauth.secret = \"sixteen bytes or more\"",
      "auth.jwks_file = \"a.jwks\"", "auth.secret_file = \"secret\"",
      "auth.secret = \"sixteen bytes or more\"\nwebsocket.tls_certificate = \"cert.pem\"\nwebsocket.tls_key = \"key.pem\"",
    ] {
      do throws(ConfigurationFaultList) {
        _ = try ServerConfiguration(
          toml: settings, file: folder.appendingPathComponent("g.toml").path, environment: [:],
          webKeys: { _ in throw ConfigurationFaultList(faults: []) })
        Issue.record("\(settings)")
      } catch {
        #expect(error.faults.allSatisfy { $0.reason.hasSuffix("is empty") }, "\(error)")
      }
    }
  }
}
