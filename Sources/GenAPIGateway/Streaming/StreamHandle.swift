import GenAPITelemetry
import GenAPIValue
import Locking

/// Where a streaming function sends its parts. Everything after the end is thrown away.
public final class StreamHandle: Sendable {
  package enum End: Sendable, Equatable {
    case completed
    case failed(ByteText, isForClient: Bool)
    /// The node that it runs on shuts down and has cut it off.
    case lost(ByteText)
    case stopped
    case timedOut(milliseconds: Int64)
    case disconnected
  }

  /// Whose stream it is, for the list of running ones.
  struct Origin: Sendable {
    var function: FunctionIdentity
    var userID: ByteText?
    var startedNs: Int64
  }

  /// The request that is answered.
  public let requestID: ByteText
  let origin: Origin?
  private let push: @Sendable (Response) -> Void
  private let room: @Sendable () async -> Void
  private let errorText: @Sendable (ByteText) -> ByteText
  private struct State {
    var end: End?
    var chunks: Int64 = 0
    /// How its parts are written.
    var coding = ValueCoding()
    /// Called once when it ends.
    var whenOver: (@Sendable (End) -> Void)?
  }
  private let state = Mutex(State())

  init(
    requestID: ByteText, origin: Origin? = nil, push: @escaping @Sendable (Response) -> Void,
    room: @escaping @Sendable () async -> Void, errorText: @escaping @Sendable (ByteText) -> ByteText
  ) {
    self.requestID = requestID
    self.origin = origin
    self.push = push
    self.room = room
    self.errorText = errorText
  }

  /// Sends a part as soon as the reader has taken enough of those before; false when the stream is over or the
  /// task cancelled, so the producer can stop. A part that nests deeper than `ValueCoding.mostLevels` ends it with an error.
  @discardableResult
  public nonisolated(nonsending) func send(_ value: Value) async -> Bool {
    if isOver { return false }
    if value.isTooDeep {
      fail("a part \(Value.tooDeep)")
      return false
    }
    await room()
    if Task.isCancelled { return false }
    // Pushed under the lock, so that nothing comes after the end.
    return state.withLock { state in
      guard state.end == nil else { return false }
      state.chunks += 1
      push(.chunk(requestID, value))
      return true
    }
  }

  /// Sends a part of any type, written as the endpoint's results are; see `send(_:)` for values.
  ///
  /// - Throws: what the part's type throws when it is encoded.
  @discardableResult
  @_disfavoredOverload
  public nonisolated(nonsending) func send(_ part: some Encodable) async throws -> Bool {
    await send(try encoded(part))
  }

  /// Sends the last part, of any type, and ends.
  ///
  /// - Throws: what the part's type throws when it is encoded.
  @_disfavoredOverload
  public func last(_ part: some Encodable) throws { last(try encoded(part)) }

  private func encoded(_ part: some Encodable) throws -> Value {
    try ValueEncoder(coding: state.withLock { $0.coding }).encode(part)
  }

  /// The same stream, whose parts are written so from now on.
  func writing(_ coding: ValueCoding) -> StreamHandle {
    state.withLock { $0.coding = coding }
    return self
  }

  /// Sends the last part, and ends.
  public func last(_ value: Value) {
    if value.isTooDeep { return fail("a part \(Value.tooDeep)") }
    finish(.completed, .chunk(requestID, value, hasMore: false))
  }

  /// Ends; nothing more to say.
  public func complete() { finish(.completed, .streamEnd(requestID)) }

  /// Ends with an error.
  ///
  /// - Parameter isForClient: the reason is worded for the client, who else reads it only when details are switched on.
  public func fail(_ reason: ByteText, isForClient: Bool = false) {
    // An error without words tells a client nothing.
    let isForClient = isForClient && !ConfigBounds.isBlank(reason)
    finish(
      .failed(reason, isForClient: isForClient),
      .error(requestID, isForClient ? ClientTexts.reason(reason) : errorText(reason)))
  }

  /// The same with the "no" of a function.
  public func fail(_ error: FunctionError) { fail(error.reason, isForClient: error.isForClient) }

  /// Ends as the node that it runs on shuts down and gives it no more time.
  ///
  /// - Parameter reason: what the operator reads.
  package func lose(_ reason: ByteText) {
    finish(.lost(reason), .error(requestID, CutOff.shutdown.text))
  }

  /// Ends before it began: nothing had room for it, or no node could be reached, and its client may ask again.
  func turnAway(_ reason: ByteText, telling text: ByteText) {
    finish(.failed(reason, isForClient: false), .error(requestID, text, canRetry: true))
  }

  /// True when nobody listens any more.
  public var isOver: Bool { state.withLock { $0.end != nil } }

  /// Parts sent.
  public var chunks: Int64 { state.withLock { $0.chunks } }

  var end: End? { state.withLock { $0.end } }

  /// Calls this once the stream is over, however it ends, from any thread; what was to be called before is forgotten.
  package func whenOver(_ body: @escaping @Sendable (End) -> Void) {
    let end = state.withLock { state in
      if state.end == nil { state.whenOver = body }
      return state.end
    }
    if let end { body(end) }
  }

  func stop() { finish(.stopped, .streamEnd(requestID)) }

  func timeOut(milliseconds: Int64) {
    finish(
      .timedOut(milliseconds: milliseconds),
      .error(requestID, errorText("the stream did not end within \(milliseconds) ms")))
  }

  func disconnect() { finish(.disconnected, nil) }

  private func finish(_ end: End, _ response: Response?) {
    let whenOver = state.withLock { state -> (@Sendable (End) -> Void)? in
      guard state.end == nil else { return nil }
      state.end = end
      if let response { push(response) }
      defer { state.whenOver = nil }
      return state.whenOver
    }
    whenOver?(end)
  }
}
