import ErlangNode
import GenAPITelemetry
import Locking
import OutsideText

/// One watching of one gateway: connects, puts the agent there, and takes what it sends, until something ends.
final class AttachSession: Sendable {
  let target: AttachTarget
  let settings: AttachSettings
  let gateway: AttachedGateway
  private let filter: Mutex<[ByteText]>

  /// As many names as there may be watchers of one gateway.
  static let names = 1...16
  /// How often a connection that was closed is tried again at once.
  private static let mostClosed = 8
  /// Of the library, the oldest that is supported.
  private static let oldest = (2, 18)

  init(_ target: AttachTarget, _ settings: AttachSettings, _ gateway: AttachedGateway, services: [ByteText]) {
    self.target = target
    self.settings = settings
    self.gateway = gateway
    filter = Mutex(services)
  }

  /// Only events of these services are sent from now on; all when there are none.
  func narrow(to services: [ByteText]) { filter.withLock { $0 = services } }

  /// Watches until the connection or the agent ends, or the task is cancelled.
  ///
  /// - Parameter attached: called once the first state is here.
  /// - Throws: `AttachError` that says why it ended.
  func run(attached: @escaping @Sendable () async throws -> Void) async throws {
    let node = try await connect()
    guard settings.usesAgent else { return try await read(node, attached) }
    let mailbox: Mailbox
    do { mailbox = try node.makeMailbox(limit: 2_000, limitBytes: 64 << 20) } catch {
      throw AttachError.lost("\(error)")
    }
    defer {
      mailbox.end()
      node.disconnect(from: target.node)
    }
    try await look(node)
    let agent = try await startAgent(node, for: mailbox)
    do throws(CallError) {
      try await node.monitor(.pid(agent), on: target.node, for: mailbox)
    } catch {
      throw AttachError(error, "watching the agent")
    }
    try await take(mailbox, node, agent, attached)
  }

  // MARK: The way there

  private func connect() async throws -> LocalNode {
    var number = Self.names.lowerBound
    var closed = 0
    var statuses: [String] = []
    while Self.names.contains(number) {
      var configuration = LocalNodeConfiguration(name: target.ownName(number), cookie: settings.cookie)
      if let port = settings.epmdPort { configuration.epmd = EpmdClient(port: port) }
      configuration.tls = settings.tls
      configuration.logger = settings.logger
      configuration.maxPeers = 2
      configuration.takesOverName = false
      let node: LocalNode
      do { node = try LocalNode(configuration) } catch { throw AttachError.unreachable("\(error)") }
      do throws(CallError) {
        try await node.connect(to: target.node)
        return node
      } catch {
        guard case .unreachable(let said) = error else { throw AttachError(error, "connecting") }
        let reason = (said.dropping(prefix: "unreachable: ") ?? said).string
        // Of several that connect under one name at the same moment a node closes all connections but one, as it does for a wrong
        // cookie, but before it asks for that; the others may be free of them.
        if ConnectAdvice.isClosed(reason), closed < (ConnectAdvice.isAtCookie(reason) ? 3 : Self.mostClosed) {
          closed += 1
          if closed > 1 { number = number % Self.names.upperBound + 1 }
          try await Task.sleep(for: .milliseconds(Int.random(in: 20...200)))
        } else if let status = reason.firstRange(of: "refused the connection: ") {
          // A name that another uses is refused in words of the handshake; all else is for the user.
          statuses.append(String(reason[status.upperBound...]))
          number += 1
        } else {
          let usesTLS = settings.tls != nil
          let validity = ConnectAdvice.isUntrusted(reason) ? await lookAtCertificate(configuration) : nil
          throw AttachError.unreachable(ConnectAdvice.text(reason, usesTLS: usesTLS, validity: validity))
        }
      }
    }
    throw AttachError.refusal(statuses, lastName: target.ownName(Self.names.upperBound).string)
  }

  /// From when to when the node's certificate is good, in seconds since the Unix epoch; nil where that cannot be seen.
  private func lookAtCertificate(_ configuration: LocalNodeConfiguration) async -> ClosedRange<Int64>? {
    let seen = SeenCertificate()
    var configuration = configuration
    guard let look = try? settings.certificateLook?({ seen.note($0) }) else { return nil }
    configuration.tls = look
    // It ends as soon as the certificate is shown.
    try? await LocalNode(configuration).connect(to: target.node)
    return seen.validity
  }

  func call(
    _ node: LocalNode, _ step: String, _ module: ByteText, _ function: ByteText, _ arguments: [Term]
  )
    async throws(AttachError) -> Term
  {
    do throws(CallError) {
      return try await node.call(target.node, module, function, arguments, timeout: .seconds(10))
    } catch {
      throw AttachError(error, step)
    }
  }

  /// What is there, before anything is put there.
  func look(_ node: LocalNode) async throws(AttachError) {
    let release = try await call(
      node, "asking for its release", "erlang", "system_info", [.atom("otp_release")])
    let number = String(
      decoding: (release.listElements ?? []).compactMap { $0.integerValue.flatMap(UInt8.init(exactly:)) },
      as: UTF8.self)
    if let value = Int(number), value < 25 { throw .oldErlang(release: number) }
    for (application, process) in [
      ("phoenix_gen_api", "Elixir.PhoenixGenApi.Supervisor"), ("telemetry", "telemetry_sup"),
    ] {
      let pid = try await call(
        node, "looking for \(application)", "erlang", "whereis", [.atom(ByteText(process))])
      guard case .pid = pid else { throw .notRunning(application: application) }
    }
    let version = try await call(
      node, "asking for the library's version", "application", "get_key",
      [.atom("phoenix_gen_api"), .atom("vsn")])
    if let parts = version.tupleElements, parts.count == 2, let text = Self.charlist(parts[1]) {
      let numbers = text.split(separator: ".").compactMap { Int($0) }
      if numbers.count >= 2, (numbers[0], numbers[1]) < Self.oldest { throw .tooOld(version: text) }
    }
    let mode = try await call(
      node, "asking for its mode", "application", "get_env", [.atom("phoenix_gen_api"), .atom("client_mode")])
    if mode == .tuple([.atom("ok"), .atom("true")]) { throw .clientMode }
  }

  static func charlist(_ term: Term) -> String? {
    term.listElements.map {
      String(decoding: $0.compactMap { $0.integerValue.flatMap(UInt8.init(exactly:)) }, as: UTF8.self)
    }
  }

  // MARK: Texts of Erlang

  /// The tokens of a text of Erlang, as the node reads it.
  func scan(_ text: String, _ node: LocalNode, _ step: String) async throws(AttachError) -> [Term] {
    let text = Term.list(text.utf8.map { .integer(Int64($0)) })
    let scanned = try await call(node, step, "erl_scan", "string", [text])
    guard let parts = scanned.tupleElements, parts.count == 3, parts[0] == .atom("ok"),
      let tokens = parts[1].listElements
    else { throw .agent(step: step, reason: scanned.erlangText) }
    return tokens
  }

  /// The forms of a text of Erlang, as the node reads it.
  func parse(_ text: String, _ node: LocalNode, _ step: String) async throws(AttachError) -> [Term] {
    let tokens = try await scan(text, node, step)
    let parsed = try await call(
      node, step, "lists", "map",
      [
        .export(module: "erl_parse", function: "parse_form", arity: 1),
        .list(AgentProgram.forms(of: tokens)),
      ])
    var forms: [Term] = []
    for answer in parsed.listElements ?? [] {
      guard let parts = answer.tupleElements, parts.count == 2, parts[0] == .atom("ok") else {
        throw .agent(step: step, reason: answer.erlangText)
      }
      forms.append(parts[1])
    }
    return forms
  }

  /// The expressions of a text of Erlang, as the node reads it.
  func parseExpressions(_ text: String, _ node: LocalNode, _ step: String) async throws(AttachError) -> Term {
    let parsed = try await call(
      node, step, "erl_parse", "parse_exprs", [.list(try await scan(text, node, step))])
    guard let parts = parsed.tupleElements, parts.count == 2, parts[0] == .atom("ok") else {
      throw .agent(step: step, reason: parsed.erlangText)
    }
    return parts[1]
  }

  // MARK: What it sends

  private func take(
    _ mailbox: Mailbox, _ node: LocalNode, _ agent: Pid,
    _ attached: @escaping @Sendable () async throws -> Void
  ) async throws {
    var events: Int64 = 0
    var tick: Int64 = -1
    var hasState = false
    var wanted = Wants()
    let watching = Task { [mailbox] in
      // Whoever subscribes or leaves is looked for: the agent is told within a quarter of a second.
      while !Task.isCancelled {
        let now = Wants(gateway.bus, filter.withLock { $0 })
        if now != wanted {
          wanted = now
          try? await node.send(
            .tuple([.atom("genapi_want"), .pid(mailbox.pid), now.term]), to: agent)
        }
        try await Task.sleep(for: .milliseconds(250))
      }
    }
    defer { watching.cancel() }
    while let message = await mailbox.receive() {
      switch message {
      case .down(_, let reason): throw AttachError.lost(Self.why(reason))
      case .exit: continue
      case .message(let term):
        guard let parts = term.tupleElements, let kind = parts.first?.atomName else { continue }
        switch (kind, parts.count) {
        case ("genapi_events", 3):
          let batch = parts[1].listElements ?? []
          events = events.saturatingAdd(Int64(batch.count))
          gateway.take(events: batch, missed: parts[2].count)
        case ("genapi_part", 5):
          gateway.take(section: parts[2], isFirst: parts[3] == .atom("first"), parts[4])
        case ("genapi_state", 3):
          tick = parts[1].integerValue ?? tick
          gateway.take(scalars: parts[2])
          if !hasState {
            hasState = true
            try await attached()
          }
        default: continue
        }
        try? await node.send(
          .tuple([.atom("genapi_taken"), .pid(mailbox.pid), .integer(events), .integer(tick)]), to: agent)
      }
    }
    // The task was cancelled: whoever watches leaves.
    try? await node.send(.tuple([.atom("genapi_leave"), .pid(mailbox.pid)]), to: agent)
  }

  /// Why it ends when the library's version is another: what was counted before is none of that one's.
  static let upgraded = "its library was upgraded"

  private static func why(_ reason: Term) -> String {
    switch reason {
    case .atom("noconnection"): "the node is gone"
    case .atom("noproc"), .atom("normal"): "the agent was removed"
    case .atom("upgraded"): upgraded
    default:
      "the agent ended: its counts begin anew, and events that it had not sent are lost: \(reason.erlangText)"
    }
  }
}

/// What was seen of a node's certificate.
private final class SeenCertificate: Sendable {
  private let state = Mutex<ClosedRange<Int64>?>(nil)
  var validity: ClosedRange<Int64>? { state.withLock { $0 } }
  func note(_ validity: ClosedRange<Int64>) { state.withLock { $0 = validity } }
}

/// Which events somebody wants.
private struct Wants: Equatable, Sendable {
  var mask: Int64 = 0
  var services: [ByteText] = []

  init() {}

  init(_ bus: TelemetryBus, _ services: [ByteText]) {
    mask = EventName.catalogue.reduce(0) { bus.wants($1) ? $0 | 1 << Int64($1.rawValue) : $0 }
    self.services = services
  }

  /// A pattern is what stands between its stars.
  var term: Term {
    let patterns = services.map { Term.list($0.split(separator: UInt8(ascii: "*")).map { .text($0) }) }
    return .map(
      TermMap([
        (key: .atom("mask"), value: .integer(mask)),
        (key: .atom("services"), value: services.isEmpty ? .atom("all") : .list(patterns)),
      ]))
  }
}
