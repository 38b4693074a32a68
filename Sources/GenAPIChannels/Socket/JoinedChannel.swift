import GenAPIGateway
import GenAPIValue
import Locking
import NIOCore

/// One joined topic of a socket: where the gateway pushes to.
final class JoinedChannel: CutOffConnection {
  let connectionID: ConnectionID
  let topic: JoinedTopic
  private let event: ByteText
  private let encoder: MessageEncoder
  private let outbox: Outbox
  private let socket: SocketHandler.Reference
  /// False once the topic was left: what is pushed from then on is thrown away.
  private let open = Atomic(true)
  /// As a number; 0 until its work is cut off.
  private let cutOffReason = Atomic<UInt8>(0)

  init(
    _ connectionID: ConnectionID, _ topic: JoinedTopic, event: ByteText, encoder: MessageEncoder,
    outbox: Outbox, socket: SocketHandler.Reference
  ) {
    self.connectionID = connectionID
    self.topic = topic
    self.event = event
    self.encoder = encoder
    self.outbox = outbox
    self.socket = socket
  }

  var isOpen: Bool { open.load(ordering: .relaxed) }

  func close() { open.store(false, ordering: .relaxed) }

  var cutOff: CutOff? { CutOff(rawValue: cutOffReason.load(ordering: .acquiring)) }

  /// From now on what is given up has not been given up by the client.
  func isCutOff(_ reason: CutOff) { cutOffReason.store(reason.rawValue, ordering: .releasing) }

  func push(_ response: Response) {
    guard isOpen else { return }
    if encoder.toon != nil { return pushTOON(response) }
    if socket.onItsLoop?.write(making: { write(response, to: &$0) }) == true { return }
    var json = JSONWriter()
    write(response, to: &json)
    send(.frame(.text(json.bytes), self))
  }

  func waitForRoom() async { await outbox.room.wait() }

  /// TOON is made of a value: what is a table is seen only in the whole.
  private func pushTOON(_ response: Response) {
    let frame = encoder.encode(
      PhoenixMessage(
        joinRef: topic.joinRef, topic: topic.topic, event: event, payload: .json(response.value)))
    if socket.onItsLoop?.write(made: frame) == true { return }
    send(.frame(frame, self))
  }

  /// The receipt for a push, after which its request no longer counts.
  func reply(to push: PhoenixMessage, _ receipt: HandlingReceipt, request: UInt64) {
    switch receipt {
    case .handled(let type): reply(to: push, .ok, type, request: request)
    case .refused(let why): reply(to: push, .error, why, request: request)
    }
  }

  private func reply(to push: PhoenixMessage, _ status: ReplyStatus, _ response: ByteText, request: UInt64) {
    if encoder.toon != nil {
      let frame = encoder.encode(
        .reply(to: push, joinRef: topic.joinRef, status: status, response: .string(response)))
      if let socket = socket.onItsLoop, socket.write(made: frame) { return socket.replied(to: request) }
      return send(.reply(frame, request: request))
    }
    if let socket = socket.onItsLoop, socket.write(making: { write(status, response, push, to: &$0) }) {
      socket.replied(to: request)
      return
    }
    var json = JSONWriter()
    write(status, response, push, to: &json)
    send(.reply(.text(json.bytes), request: request))
  }

  private func write(_ response: Response, to json: inout JSONWriter) {
    encoder.write(joinRef: topic.joinRef, ref: nil, topic: topic.topic, event: event, to: &json) {
      response.write(to: &$0)
    }
  }

  private func write(
    _ status: ReplyStatus, _ response: ByteText, _ push: PhoenixMessage, to json: inout JSONWriter
  ) {
    encoder.write(
      joinRef: topic.joinRef, ref: push.ref, topic: push.topic, event: PhoenixEvent.reply, to: &json
    ) { json in
      json.beginObject()
      json.key("status")
      json.string(status.rawValue)
      json.key("response")
      json.string(response)
      json.endObject()
    }
  }

  private func send(_ item: Outbox.Item) {
    if outbox.append(item) { socket.perform { $0.writeOutbox() } }
  }
}
