import GenAPIGateway
import GenAPIValue

/// A request of a socket that runs, and whom to tell if it is cut off.
struct RunningRequest {
  let channel: JoinedChannel
  /// Of the push that brought it.
  let ref: MessageReference?
  let pending: PendingRequest
  let claim: AnswerClaim
  let task: Task<Void, Never>
}
