import ErlangNode
import ErlangTerms
import OutsideText

/// Putting the agent on a gateway.
extension AttachSession {
  /// How long an agent that is just being removed is waited for, in tenths of a second.
  private static let removal = 50
  /// How long it may take to put the agent there, others that do so at the same time included: less than `--once` and `check` wait.
  private static let loading = Duration.seconds(25)
  /// How long the node waits for another that is loading it, before it says so.
  private static let patience = Duration.seconds(10)

  /// The agent's process, after having put it there where it is not. One that is just being removed is waited for, and so is whoever
  /// puts it there already.
  func startAgent(_ node: LocalNode, for mailbox: Mailbox) async throws(AttachError) -> Pid {
    let options = Term.map(
      TermMap([(key: .atom("interval"), value: .integer(settings.interval.wholeMilliseconds))]))
    let deadline = ContinuousClock.now + Self.loading
    var reason = "it does not begin"
    var loader: Term?
    var tries = 0
    while tries < Self.removal, ContinuousClock.now < deadline {
      let loaded = try await call(
        node, "looking for the agent", "code", "is_loaded", [.atom(AgentProgram.module)])
      let answer: Term
      if loaded == .atom("false") {
        if loader == nil {
          try await askRoom(node)
          loader = try await parseExpressions(AgentProgram.loader, node, "reading what loads the agent")
        }
        let left = max(.seconds(1), deadline - .now)
        guard let told = try await load(node, loader!, .pid(mailbox.pid), options, within: left) else {
          // It goes on there, and so may others: the next look finds what came of it.
          reason = AttachError.busy
          continue
        }
        answer = told
      } else {
        do throws(CallError) {
          answer = try await node.call(
            target.node, AgentProgram.module, "start", [.pid(mailbox.pid), options], timeout: .seconds(10))
        } catch .raised(.atom("undef"), _) {
          tries += 1
          try await pause()
          continue
        } catch .timeout {
          reason = AttachError.busy
          continue
        } catch {
          throw AttachError(error, "starting the agent")
        }
      }
      if let parts = answer.tupleElements, parts.count == 2 {
        if parts[0] == .atom("ok"), case .pid(let pid) = parts[1] { return pid }
        if parts[1] == .atom("too_many_watchers") { throw .tooManyWatchers }
        if let failed = parts[1].tupleElements, failed.count == 2, failed[0] == .atom("failed") {
          throw .agent(step: "compiling the agent", reason: failed[1].erlangText)
        }
        if parts[1] == .atom("busy") {
          reason = AttachError.busy
          continue
        }
        reason = parts[1] == .atom("ending") ? "an agent before is still being removed" : parts[1].erlangText
      }
      tries += 1
      try await pause()
    }
    throw .agent(step: "starting the agent", reason: reason)
  }

  private func pause() async throws(AttachError) {
    do { try await Task.sleep(for: .milliseconds(100)) } catch { throw .lost("cancelled") }
  }

  /// Compiles and loads the module where nobody else has done so meanwhile, and begins to watch, in one process there.
  ///
  /// - Returns: what it answered; nil where it did not in time.
  private func load(
    _ node: LocalNode, _ loader: Term, _ watcher: Term, _ options: Term, within limit: Duration
  )
    async throws(AttachError) -> Term?
  {
    // In the order of their names, as it wants them.
    let given = [
      ("Module", .atom(AgentProgram.module)), ("Options", options),
      ("Patience", .integer(Self.patience.wholeMilliseconds)),
      ("Source", .binary(Array(AgentProgram.expanded.utf8))), ("Watcher", watcher),
    ].map { name, value in Term.tuple([.atom(ByteText(name)), value]) }
    // Of its variables nothing comes back, as `exprs` would have it.
    let block = Term.tuple([.atom("block"), .integer(1), loader])
    do throws(CallError) {
      return try await node.call(
        target.node, "erl_eval", "expr",
        [block, .list(given), .atom("none"), .atom("none"), .atom("value")], timeout: limit)
    } catch .timeout {
      return nil
    } catch {
      throw AttachError(error, "loading the agent")
    }
  }
}
