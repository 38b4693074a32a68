import GenAPIValue

/// One answer to a request. As JSON it always has all seven keys.
public struct Response: Sendable, Hashable {
  public var requestID: ByteText
  public var result: Value
  public var success: Bool
  public var error: ByteText?
  /// True for an acknowledgement and for parts of a stream.
  public var isAsync: Bool
  /// True while more parts of a stream follow.
  public var hasMore: Bool
  /// True when the client may send the same request again.
  public var canRetry: Bool

  private init(
    _ requestID: ByteText, result: Value = .null, success: Bool, error: ByteText? = nil,
    isAsync: Bool = false,
    hasMore: Bool = false, canRetry: Bool = false
  ) {
    self.requestID = requestID
    self.result = result
    self.success = success
    self.error = error
    self.isAsync = isAsync
    self.hasMore = hasMore
    self.canRetry = canRetry
  }

  /// The result of a call.
  public static func sync(_ requestID: ByteText, _ result: Value) -> Response {
    Response(requestID, result: result, success: true)
  }

  /// "Accepted; the result follows in a message of its own."
  public static func asyncAccepted(_ requestID: ByteText) -> Response {
    Response(requestID, success: true, isAsync: true)
  }

  /// A part of a stream.
  public static func chunk(_ requestID: ByteText, _ result: Value, hasMore: Bool = true) -> Response {
    Response(requestID, result: result, success: true, isAsync: true, hasMore: hasMore)
  }

  /// The end of a stream that had nothing more to say.
  public static func streamEnd(_ requestID: ByteText) -> Response {
    Response(requestID, success: true, isAsync: true)
  }

  public static func error(_ requestID: ByteText, _ message: ByteText, canRetry: Bool = false) -> Response {
    Response(requestID, success: false, error: message, canRetry: canRetry)
  }

  /// The JSON form: all seven keys, always.
  public var value: Value {
    [
      "request_id": .string(requestID), "result": result, "success": .bool(success),
      "error": error.map(Value.string) ?? .null, "async": .bool(isAsync), "has_more": .bool(hasMore),
      "can_retry": .bool(canRetry),
    ]
  }

  /// Writes the JSON form without making a value of it.
  public func write(to json: inout JSONWriter) {
    json.beginObject()
    json.key("request_id")
    json.string(requestID)
    json.key("result")
    json.value(result)
    json.key("success")
    json.bool(success)
    json.key("error")
    if let error { json.string(error) } else { json.null() }
    json.key("async")
    json.bool(isAsync)
    json.key("has_more")
    json.bool(hasMore)
    json.key("can_retry")
    json.bool(canRetry)
    json.endObject()
  }
}
