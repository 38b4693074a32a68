import GenAPIChannels
import GenAPIValue

/// How far a call has come, from what the gateway sent.
struct CallProgress {
  enum Step: Equatable {
    /// Nothing to show, and more to come.
    case wait
    case joined
    case show(CallAnswer)
    case failed(CallError, CallAnswer?)
  }

  static let joinRef: MessageReference = "1"
  static let requestRef: MessageReference = "2"

  let topic: ByteText
  let event: ByteText
  let requestID: ByteText
  /// Ends when the gateway has taken the request.
  let needsReceiptOnly: Bool
  private var hasParts = false

  init(topic: ByteText, event: ByteText, requestID: ByteText, needsReceiptOnly: Bool = false) {
    self.topic = topic
    self.event = event
    self.requestID = requestID
    self.needsReceiptOnly = needsReceiptOnly
  }

  mutating func took(_ message: PhoenixMessage) -> Step {
    guard message.topic == topic, case .json(let payload) = message.payload else { return .wait }
    switch message.event {
    case PhoenixEvent.reply where message.ref == Self.joinRef:
      guard payload["status"] != "ok" else { return .joined }
      return .failed(.unanswered("the topic \(topic) cannot be joined: \(Self.reason(payload))"), nil)
    case PhoenixEvent.reply where message.ref == Self.requestRef: return receipt(payload)
    case PhoenixEvent.error, PhoenixEvent.close:
      return .failed(.unanswered("the gateway ended the channel with \(message.event)"), nil)
    case event where payload["request_id"]?.string == requestID: return answer(payload)
    default: return .wait
    }
  }

  /// The push with the answer says more than the receipt, and comes before it or after it.
  private func receipt(_ payload: Value) -> Step {
    if payload["status"] != "ok" {
      let reason = Self.reason(payload)
      // Said by Phoenix in these words, which name neither.
      return .failed(
        .failed(
          reason == "unmatched event"
            ? "the gateway takes no requests as the event \(event): see its websocket.event, and --event"
            : reason,
          canRetry: false), nil)
    }
    return needsReceiptOnly ? .show(CallAnswer(response: payload, kind: .receipt)) : .wait
  }

  private mutating func answer(_ response: Value) -> Step {
    guard response["success"] == true else {
      let error = CallError.failed(
        response["error"]?.string?.string ?? "no error text", canRetry: response["can_retry"] == true)
      return .failed(error, CallAnswer(response: response, kind: .last))
    }
    if response["has_more"] == true {
      // The gateway's own first word about every stream.
      let isBeginning = !hasParts && response["result"] == "init"
      hasParts = true
      return .show(CallAnswer(response: response, kind: isBeginning ? .receipt : .part))
    }
    let isReceipt = response["async"] == true && !hasParts
    return .show(CallAnswer(response: response, kind: isReceipt ? .receipt : .last))
  }

  private static func reason(_ payload: Value) -> String {
    let response = payload["response"] ?? .null
    return response.string?.string ?? response["reason"]?.string?.string ?? response.json
  }
}

/// One answer to a call.
package struct CallAnswer: Sendable, Equatable {
  package enum Kind: Sendable {
    /// It says only that the request was taken.
    case receipt
    /// One of several.
    case part
    case last
  }

  /// As the gateway sent it.
  package var response: Value
  package var kind: Kind

  /// What the function gave; nil for a receipt, for an error, and for the end of a stream that had nothing more to say.
  package var result: Value? {
    guard kind != .receipt, response["success"] == true, let result = response["result"] else { return .none }
    // Written out: a bare nil would be a null of JSON here.
    if kind == .last, response["async"] == true, result.isNull { return .none }
    return .some(result)
  }
}
