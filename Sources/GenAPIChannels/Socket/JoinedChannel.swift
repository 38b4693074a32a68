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
    let text = encoder.text(joinRef: channel.joinRef, ref: nil, topic: channel.topic, event: event) {
      response.write(to: &$0)
    }
    send(.frame(.text(text), channel))
  }

  /// The receipt for a push, after which its request no longer counts.
  func reply(to push: ChannelMessage, _ status: ReplyStatus, _ response: String, request: UInt64) {
    let text = encoder.text(
      joinRef: channel.joinRef, ref: push.ref, topic: push.topic, event: ChannelEvent.reply
    ) { json in
      json.beginObject()
      json.key("status")
      json.string(status.rawValue)
      json.key("response")
      json.string(response)
      json.endObject()
    }
    send(.reply(.text(text), request: request))
  }

  private func send(_ item: Outbox.Item) {
    if outbox.append(item) { socket.perform { $0.writeOutbox() } }
  }
}
