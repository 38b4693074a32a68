/// Who gets the events of one turn: looked up once a turn, not once an event.
struct EventReceiver {
  let handler: SubscriberHandler
  let filter: CompiledFilter
  /// Bytes that wait to be taken by the client.
  var buffered: Int

  /// Nil for a connection that wants no events.
  init?(_ handler: SubscriberHandler) {
    guard handler.wantsEvents, let filter = handler.feed?.filter else { return nil }
    self.handler = handler
    self.filter = filter
    buffered = handler.bufferedBytes
  }
}
