import GenAPIGateway
import GenAPIValue

/// Media streams its results, and takes orders nobody waits for. Its node is late to start, so the first pull
/// of its functions fails.
enum MediaService {
  static let name: ByteText = "media_service"
  static let node: ByteText = "media1@demo"

  static func register(on registry: FunctionRegistry) {
    registry.register("Media.Api.transcode") { call in
      for part in 1...Int.random(in: 3...8) {
        try await Work.milliseconds(20...90)
        guard await call.stream?.send(["part": .int(Int64(part))]) != false else { return .ok(.null) }
      }
      call.stream?.last(["state": "done"])
      return .ok(.null)
    }
    registry.register("Media.Api.warm_cache") { _ in
      try await Work.milliseconds(5...25)
      return .ok(.null)
    }
    registry.register("Media.Config.functions") { _ in .ok(.array(configs.map(\.value))) }
  }

  static let source = PullSource(
    service: name, nodes: .list([node]), function: FunctionReference("Media.Config", "functions"))

  private static let configs = [
    FunctionConfig(
      service: name, requestType: "transcode", nodes: .list([node]), timeout: .seconds(10),
      function: FunctionReference("Media.Api", "transcode"), arguments: ["file": ArgumentSpec(.string)],
      responseType: .stream, permission: .anyAuthenticated, version: "2.0.0"),
    FunctionConfig(
      service: name, requestType: "warm_cache", nodes: .list([node]), timeout: .seconds(2),
      function: FunctionReference("Media.Api", "warm_cache"), responseType: .none, version: "2.0.0"),
  ]
}
