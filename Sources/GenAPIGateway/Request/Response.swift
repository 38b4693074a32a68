import GenAPIValue

/// One answer to a request. As JSON it always has all seven keys.
public struct Response: Sendable, Hashable {
  /// The request's id, as the client wrote it.
  public var requestID: ByteText
  /// What the function answered; null for an error.
  public var result: Value
  /// Whether the request went well.
  public var success: Bool
  /// What the client is told of a failure; nil when there is none.
  public var error: ByteText?
  /// True for an acknowledgement and for parts of a stream.
  public var isAsync: Bool
  /// True while more parts of a stream follow.
  public var hasMore: Bool
  /// True when the client may send the same request again.
  public var canRetry: Bool
  /// True for a message of a relay group, sent by somebody whose request had this id. As JSON it alone has the key
  /// `relayed`, so that a client never takes it for the answer to a request of its own with the same id.
  public private(set) var isRelayed = false
  /// The request's id was a number, and is one here.
  private var hasNumericID = false

  /// The result as a type of your own.
  ///
  /// ```swift
  /// let user = try response.decode(User.self)
  /// ```
  ///
  /// - Throws: `ResponseError` when the request failed, `DecodingError` with the path to the part that does not fit.
  public func decode<Result: Decodable>(
    _ type: Result.Type = Result.self, coding: ValueCoding = ValueCoding()
  )
    throws -> Result
  {
    guard success else { throw ResponseError(message: error ?? "", canRetry: canRetry) }
    return try ValueDecoder(coding: coding).decode(type, from: result)
  }

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

  /// A message of a relay group, as every member gets it.
  static func relayed(_ requestID: Identifier, _ result: Value) -> Response {
    var response = Response(requestID.text, result: result, success: true)
    response.isRelayed = true
    response.hasNumericID = requestID.isNumber
    return response
  }

  /// The same with the id in the kind that its request had.
  func answering(_ request: Request) -> Response {
    var response = self
    response.answer(request)
    return response
  }

  /// Gives it the id in the kind that its request had.
  mutating func answer(_ request: Request) {
    if request.hasNumericID, requestID == request.requestID { hasNumericID = true }
  }

  /// A hook may say what is answered, and not to which request, nor as which of its answers.
  mutating func keepPlace(of other: Response) {
    (requestID, hasNumericID) = (other.requestID, other.hasNumericID)
    (isAsync, hasMore, isRelayed) = (other.isAsync, other.hasMore, other.isRelayed)
  }

  /// That a hook gave it for another request, whose result may be another client's, in words; nil where it names this one, or none.
  func misplaced(for other: Response) -> ByteText? {
    guard requestID != other.requestID, !requestID.isEmpty else { return nil }
    return "it is for the request \(requestID.cut(bytes: 64)), not \(other.requestID.cut(bytes: 64))"
  }

  /// What in it no client could make sense of; nil for nothing.
  var contradiction: ByteText? {
    if success, error != nil { return "success is true, and it has an error" }
    if !success, error == nil { return "success is false, and it has no error" }
    return result.isTooDeep ? Value.tooDeep : nil
  }

  /// An error for a payload that may be no request.
  ///
  /// - Parameter requestID: what the payload has for one; one that is too long is cut.
  package static func error(to requestID: Value?, _ message: ByteText, canRetry: Bool = false) -> Response {
    var identifier = Request.identifier(requestID) ?? Identifier(text: "unknown")
    if identifier.text.byteCount > TextLimit.name {
      identifier = Identifier(text: identifier.text.cut(bytes: TextLimit.name))
    }
    var response = Response.error(identifier.text, message, canRetry: canRetry)
    response.hasNumericID = identifier.isNumber
    return response
  }

  private var requestIDValue: Value { Identifier(text: requestID, isNumber: hasNumericID).value }

  /// Makes the answer to a request that failed.
  public static func error(_ requestID: ByteText, _ message: ByteText, canRetry: Bool = false) -> Response {
    Response(requestID, success: false, error: message, canRetry: canRetry)
  }

  /// The JSON form: all seven keys, always; an eighth for what is relayed.
  public var value: Value {
    var object: ValueObject = [
      "request_id": requestIDValue, "result": result, "success": .bool(success),
      "error": error.map(Value.string) ?? .null, "async": .bool(isAsync), "has_more": .bool(hasMore),
      "can_retry": .bool(canRetry),
    ]
    if isRelayed { object["relayed"] = true }
    return .object(object)
  }

  /// Writes the JSON form without making a value of it.
  public func write(to json: inout JSONWriter) {
    json.beginObject()
    json.key("request_id")
    if hasNumericID { json.value(requestIDValue) } else { json.string(requestID) }
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
    if isRelayed {
      json.key("relayed")
      json.bool(true)
    }
    json.endObject()
  }
}
