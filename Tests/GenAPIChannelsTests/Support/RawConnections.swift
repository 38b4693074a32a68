import NIOCore
import NIOPosix

/// Connections that only say a few bytes.
struct RawConnections {
  let channels: [any Channel]

  static func open(_ count: Int, port: Int, saying text: String) async throws -> RawConnections {
    var channels: [any Channel] = []
    for _ in 0..<count {
      let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .connect(host: "127.0.0.1", port: port).get()
      channel.writeAndFlush(ByteBuffer(string: text), promise: nil)
      channels.append(channel)
    }
    return RawConnections(channels: channels)
  }

  func close() async {
    for channel in channels { try? await channel.close() }
  }
}
