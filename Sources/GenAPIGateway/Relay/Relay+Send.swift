import GenAPITelemetry
import GenAPIValue
import Locking

extension Relay {
  /// Sends a message to every active and muted member, the sender too, on all their connections.
  ///
  /// Each gets a successful response with the sender's request id, the mark `relayed` and the result {group_id,
  /// from_user_id, message, timestamp}. Returns once the message is delivered, or another task is delivering it.
  /// - Returns: the number of members it goes to.
  /// - Throws: `RelayError`, whose `clientMessage` is the sender's answer.
  @discardableResult
  public func send(groupID: ByteText, from userID: ByteText, message: Value, requestID: ByteText)
    throws(RelayError) -> Int
  {
    try send(groupID: groupID, from: userID, message: message, requestID: Identifier(text: requestID))
  }

  @discardableResult
  func send(groupID: ByteText, from userID: ByteText, message: Value, requestID: Identifier)
    throws(RelayError) -> Int
  {
    let room = try room(groupID)
    if RelayMessageSize.exceeds(message, maximum: limits.messageBytes) {
      throw counted(.messageTooLarge(maximumBytes: limits.messageBytes))
    }
    let recipients: Int
    let mustDeliver: Bool
    do throws(RelayError) {
      (recipients, mustDeliver) = try room.contents.withLock { contents throws(RelayError) in
        try post(&contents, from: userID, message, requestID)
      }
    } catch {
      throw counted(error)
    }
    countMessage()
    if mustDeliver { deliver(room) }
    return recipients
  }

  /// The sender's answer to a `relay_msg` request.
  public func answer(groupID: ByteText, from userID: ByteText, message: Value, requestID: ByteText)
    -> Response
  {
    do throws(RelayError) {
      let recipients = try send(groupID: groupID, from: userID, message: message, requestID: requestID)
      return .sync(requestID, ["status": "relayed", "recipients_count": .int(Int64(recipients))])
    } catch {
      return .error(requestID, error.clientMessage, canRetry: error.canRetry)
    }
  }

  private func post(
    _ contents: inout RelayRoom.Contents, from userID: ByteText, _ message: Value, _ requestID: Identifier
  ) throws(RelayError) -> (recipients: Int, mustDeliver: Bool) {
    if contents.isDeleted { throw .notFound }
    try contents.group.checkSend(from: userID)
    if contents.outbox.count >= limits.waitingMessages { throw .busy(maximum: limits.waitingMessages) }
    let now = clock.wallMicroseconds()
    let result: Value = [
      "group_id": .string(contents.group.id), "from_user_id": .string(userID), "message": message,
      "timestamp": .string(ByteText(ISO8601Timestamp.string(microseconds: now))),
    ]
    contents.messages += 1
    contents.lastMessageAt = now
    contents.outbox.append(
      RelayRoom.Delivery(
        response: .relayed(requestID, result), recipients: contents.currentRecipients(), fromUserID: userID,
        members: contents.group.recipientCount, acceptedAt: clock.monotonicNanoseconds()))
    defer { contents.isDelivering = true }
    return (contents.group.recipientCount, !contents.isDelivering)
  }

  /// Empties the outbox; one task at a time, so the order is the same for everybody.
  private func deliver(_ room: RelayRoom) {
    while true {
      let next = room.contents.withLock { contents -> RelayRoom.Delivery? in
        let next = contents.outbox.popFirst()
        if next == nil { contents.isDelivering = false }
        return next
      }
      guard let next else { return }
      for connection in next.recipients { connection.push(next.response) }
      bus.emit(
        .relayMessage,
        .relayMessage(
          RelayMessage(
            groupID: room.id, fromUserID: next.fromUserID, recipients: next.members,
            durationUs: max(0, (clock.monotonicNanoseconds() - next.acceptedAt) / 1_000))))
    }
  }
}
