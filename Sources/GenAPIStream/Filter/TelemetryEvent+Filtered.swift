import GenAPITelemetry
import GenAPIValue

extension TelemetryEvent {
  /// The request type this event is about; nil when it is about none.
  var requestType: ByteText? {
    if case .configChange(_, let change) = self { return change.requestType }
    return request?.function.requestType
  }

  /// The user this event is about, or who sent the message; nil when it is about none.
  var userID: ByteText? {
    switch self {
    case .relayGroup(let change): change.userID
    case .relayMember(let change): change.userID
    case .relayMessage(let message): message.fromUserID
    case .socketOpen(_, let user), .socketClose(_, let user, _, _), .channelJoin(_, let user),
      .channelLeave(_, let user):
      user
    default: request?.userID
    }
  }
}
