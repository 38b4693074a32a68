import GenAPIValue

extension Gateway {
  /// The last answer to a request that has begun and is given up; whoever pushes it has the request's claim.
  package func cutOff(_ pending: PendingRequest, _ reason: CutOff) -> Response {
    .error(pending.request.requestID, reason.text).answering(pending.request)
  }

  /// Refuses the asynchronous calls and streams of sockets that wait for a worker: their clients may ask again. All of them
  /// at once, before any that runs is cut off, or it would make room for them to begin.
  ///
  /// - Returns: how many there were.
  package func refuseWaiting(of sockets: Set<ConnectionID>) -> Int {
    let waiting = WithdrawnTasks(connections.tasks(of: sockets), .shutdown)
    waiting.tell()
    return waiting.count
  }

  /// Gives up the asynchronous calls and streams of a client, over all its connections. Nothing of them is pushed from now on,
  /// and none of them begins.
  ///
  /// - Parameter told: requests whose client was told already.
  /// - Returns: the last answer to each that has answers, and the connection that it is for.
  package func cutOffWork(
    on ids: [ConnectionID], _ reason: CutOff, besides told: [ConnectionID: Set<ByteText>]
  ) -> [(ConnectionID, Response)] {
    let work = ids.flatMap { id in
      let (running, observer) = connections.takeWork(of: id)
      return running.sorted { $0.key < $1.key }.map { (id: id, running: $0.value, observer: observer) }
    }
    let waiting = WithdrawnTasks(work.compactMap(\.running.work.task), .shutdown)
    var answers: [(ConnectionID, Response)] = []
    for (id, running, observer) in work {
      let isOver = running.work.isOverForClient
      running.work.giveUp()
      if running.isAnswered, !isOver, told[id]?.contains(running.requestID) != true {
        let request = Identifier(text: running.requestID, isNumber: running.hasNumericID)
        let answer: Response =
          waiting.contains(running.work.task)
          ? .error(to: request.value, ClientTexts.unavailable, canRetry: true)
          : .error(to: request.value, reason.text)
        answers.append((id, answer))
      }
      observer?.workEnded(isStream: running.work.isStream)
    }
    waiting.tell()
    return answers
  }

  /// Ends a request as its call ended; false when it had ended already. What was given up is counted as cut off where it was not
  /// its client that went.
  @discardableResult
  func finish(_ job: CallJob, _ outcome: CallOutcome, isAsync: Bool) -> Bool {
    guard case .failed(.cancelled, _, _) = outcome, let cutOff = cutOff(on: job.connection, isTask: isAsync)
    else { return job.span.finish(outcome, isAsync: isAsync) }
    return job.span.finish(.cutOff, isAsync: isAsync, error: cutOff.cause)
  }

  /// Why a request is not called whose client went, or was told that it is cut off.
  func goneRefusal(_ connection: (any ClientConnection)?) -> Refusal {
    guard let cutOff = cutOff(on: connection) else {
      return Refusal(.cancelled, ClientTexts.connectionClosed)
    }
    var refusal = Refusal(.cutOff, cutOff.text)
    refusal.cause = cutOff.cause
    return refusal
  }

  /// The answer to a call that a pool ran: one that ends with the gateway says that it may have been done.
  func taskResponse(_ job: CallJob, _ outcome: CallOutcome) -> Response {
    guard let text = cutOffText(job, outcome) else { return response(job.requestID, outcome) }
    return .error(job.requestID, text)
  }

  /// What the client of a pool's call reads that is cut off; nil when it ended otherwise.
  func cutOffText(_ job: CallJob, _ outcome: CallOutcome) -> ByteText? {
    guard case .failed(.cancelled, _, _) = outcome else { return nil }
    return cutOff(on: job.connection, isTask: true)?.text
  }

  /// - Parameter isTask: a pool's, which ends with the gateway.
  private func cutOff(on connection: (any ClientConnection)?, isTask: Bool = false) -> CutOff? {
    if let cutOff = (connection as? any CutOffConnection)?.cutOff { return cutOff }
    return isTask && hasEnded.load(ordering: .relaxed) ? .shutdown : nil
  }
}
