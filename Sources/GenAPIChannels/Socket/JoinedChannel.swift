import GenAPIGateway
import NIOCore

/// One joined topic of a socket: where the gateway pushes to.
final class JoinedChannel: ClientConnection {
  let connectionID: ConnectionID
  let channel: ChannelSession.Channel
  private let event: String
  private let encoder: MessageEncoder
  private let outbox: Outbox
  private let socket: SocketHandler.Reference

  init(
    _ connectionID: ConnectionID, _ channel: ChannelSession.Channel, event: String, encoder: MessageEncoder,
    outbox: Outbox, socket: SocketHandler.Reference
  ) {
    self.connectionID = connectionID
    self.channel = channel
    self.event = event
    self.encoder = encoder
    self.outbox = outbox
    self.socket = socket
  }

  func push(_ response: Response) {
    let message = ChannelMessage(
      joinRef: channel.joinRef, topic: channel.topic, event: event, payload: .json(response.value))
    send(.frame(encoder.encode(message), channel))
  }

  /// The receipt for a push, after which its request no longer counts.
  func reply(_ message: ChannelMessage, request: UInt64) {
    send(.reply(encoder.encode(message), request: request))
  }

  private func send(_ item: Outbox.Item) {
    if outbox.append(item) { socket.perform { $0.writeOutbox() } }
  }
}
