import ArgumentParser
import Foundation
import GenAPIChannels
import GenAPITLS
import GenAPIValue
import TOON

/// How a command gets into a gateway as a client.
struct ClientOptions: ParsableArguments {
  @Option(help: "The topic to join.")
  var topic = "api:lobby"

  @Option(help: "The event that carries requests: the gateway's websocket.event.")
  var event = PhoenixConfiguration.defaultEvent.string

  @Option(help: "The client's token; by default the variable GENAPI_CLIENT_TOKEN.")
  var token: String?

  @Option(help: "The serializer's version: 2.0.0 or 1.0.0.")
  var vsn = "2.0.0"

  @Flag(help: "Speak TOON instead of JSON; without a path in the URL on /toon/websocket.")
  var toon = false

  @Option(help: ArgumentHelp("Trust what these certificates signed, and nothing else.", valueName: "file"))
  var ca: String?

  @Flag(help: "Take any certificate.")
  var insecure = false

  func validate() throws {
    let version = SerializerVersion(vsn: ByteText(vsn))
    if toon, version != .two { throw ValidationError("--toon needs --vsn 2.x.") }
    guard version != nil else { throw ValidationError("--vsn must be 1.x or 2.x.") }
  }

  /// - Throws: `ValidationError` when the URL is none.
  func configuration(_ url: String) throws -> PhoenixClientConfiguration {
    var configuration: PhoenixClientConfiguration
    do {
      configuration = try PhoenixClientConfiguration(url: url, tls: try encryption(url))
    } catch let error as PhoenixURLError {
      throw ValidationError("\(error)")
    }
    configuration.vsn = vsn
    if toon {
      configuration.toon = .v3
      if configuration.path == PhoenixClientConfiguration().path { configuration.path = "/toon/websocket" }
    }
    let variable = ProcessInfo.processInfo.environment["GENAPI_CLIENT_TOKEN"]
    // An empty variable counts as not set.
    if let token = token ?? (variable?.isEmpty == true ? nil : variable) {
      configuration.parameters["token"] = token
    }
    if ca != nil, configuration.tls == nil { throw ValidationError("--ca goes with wss://.") }
    return configuration
  }

  /// TLS, where it is wanted: reading what the system trusts takes longer than everything else at the start.
  private func encryption(_ url: String) throws -> TLS? {
    guard url.lowercased().hasPrefix("wss:") else { return nil }
    do {
      return try TLS.client(trusting: ca, verifies: !insecure)
    } catch let error as TLSFileError {
      throw ValidationError("--ca \(error).")
    } catch {
      throw ValidationError("TLS cannot be used: \(TLS.words(error) ?? "\(error)")")
    }
  }
}
