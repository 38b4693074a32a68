import GenAPIValue

extension Gateway {
  /// The last answer to a request that has begun and is given up; whoever pushes it has the request's claim.
  package func cutOff(_ pending: PendingRequest, _ reason: CutOff) -> Response {
    .error(pending.request.requestID, reason.text).answering(pending.request)
  }

  /// Gives up the asynchronous calls and streams of a connection. Nothing of them is pushed from now on.
  ///
  /// - Parameter told: requests whose client was told already.
  /// - Returns: the last answer to each that has answers.
  package func cutOffWork(on id: ConnectionID, _ reason: CutOff, besides told: Set<ByteText>) -> [Response] {
    let (running, observer) = connections.takeWork(of: id)
    var answers: [Response] = []
    for (_, running) in running.sorted(by: { $0.key < $1.key }) {
      switch running.work {
      case .task(let task): task?.cancel()
      case .stream(let stream, let task):
        let wasOver = stream.isOver
        stream.disconnect()
        task?.cancel()
        if wasOver {
          observer?.workEnded(isStream: true)
          continue
        }
      }
      if running.isAnswered, !told.contains(running.requestID) {
        let id = Identifier(text: running.requestID, isNumber: running.hasNumericID)
        answers.append(.error(to: id.value, reason.text))
      }
      observer?.workEnded(isStream: running.work.isStream)
    }
    return answers
  }
}
