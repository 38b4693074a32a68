import Listening
import Locking
import Logging
import NIOCore
import NIOPosix
import NetworkAddress
import OutsideText
import ServiceLifecycle

/// A Swift program as a node of an Erlang cluster: it calls functions of Erlang and Elixir nodes, and they call its.
///
/// ```swift
/// let node = try LocalNode(LocalNodeConfiguration(name: "swift@127.0.0.1", cookie: .fromHome()))
/// node.register("Elixir.Greeter", "hello") { arguments in .text("hello \(arguments[0].text ?? "")") }
/// try await node.start()
/// let nodes = try await node.call("app@127.0.0.1", "erlang", "nodes", [])
/// ```
public final class LocalNode: Service, Sendable {
  /// What the node was made with.
  public let configuration: LocalNodeConfiguration
  let core: NodeCore
  let group: any EventLoopGroup

  private struct State {
    var isStarted = false
    var listener: (any Channel)?
    var registration: EpmdRegistration?
    /// Why epmd does not have the name.
    var trouble: String? = "the node has not started"
    /// Registers again when epmd was started anew.
    var registering: Task<Void, Never>?
  }

  private let state = Mutex(State())

  /// - Throws: `LocalNodeError.invalidName`, or `invalidSetting` naming what is out of range.
  public init(_ configuration: LocalNodeConfiguration, group: (any EventLoopGroup)? = nil)
    throws(LocalNodeError)
  {
    guard NodeName(configuration.name) != nil else { throw .invalidName(configuration.name) }
    try configuration.validate()
    self.configuration = configuration
    let group = group ?? MultiThreadedEventLoopGroup.singleton
    self.group = group
    core = NodeCore(configuration, timeLoop: group.next())
  }

  /// The node's name.
  public var name: ByteText { configuration.name }

  // MARK: Life

  /// Takes part until graceful shutdown or cancellation.
  public func run() async throws {
    try await ListenerWatch.run(start: start, serve: serve, stop: stop)
  }

  /// Waits, once it listens, until graceful shutdown or cancellation. Whoever calls it stops it then.
  ///
  /// - Throws: `ListenerClosed` when no node can connect any more.
  public func serve() async throws(ListenerClosed) {
    try await ListenerWatch.untilShutdown(state.withLock { $0.listener.map { [$0] } ?? [] })
  }

  /// Listens, and registers the name.
  ///
  /// - Throws: `LocalNodeError`.
  public func start() async throws(LocalNodeError) {
    let isFirst = state.withLock { state in
      defer { state.isStarted = true }
      return !state.isStarted
    }
    guard isFirst, let name = NodeName(configuration.name), let host = configuration.listeningHost else {
      throw .alreadyStarted
    }
    let listener: any Channel
    do {
      listener = try await ServerBootstrap(group: group)
        .serverChannelOption(.backlog, value: 64)
        .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        .serverChannelInitializer { [logger = configuration.logger] channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(AcceptPause("cluster", logger: logger))
          }
        }
        .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
        .childChannelInitializer { [core] channel in
          let ticket = core.enterDoor(channel)
          return channel.eventLoop.makeCompletedFuture {
            do {
              try DescriptorReserve.keepLast(from: channel)
              if let tls = core.tls {
                try channel.pipeline.syncOperations.addHandler(tls.handlerOfServer())
              }
              let ignored = channel.eventLoop.makePromise(of: PeerConnection.self)
              try channel.pipeline.syncOperations.addHandler(
                PeerHandler(node: core, to: nil, ticket: ticket, established: ignored))
            } catch {
              core.leaveDoor(ticket)
              throw error
            }
          }
        }
        .bind(host: host.string, port: configuration.listenPort).get()
    } catch {
      throw .cannotListen(
        "\(HostPort(host: host.string, port: configuration.listenPort)): \(ListenProblem.describe(error))"
      )
    }
    state.withLock {
      $0.listener = listener
      $0.trouble = configuration.epmd == nil ? nil : "epmd is being asked"
    }
    guard let epmd = configuration.epmd else { return }
    do {
      let registration = try await register(name.alive, listener.localAddress?.port ?? 0, at: epmd)
      core.setCreation(registration.creation)
      state.withLock {
        $0.registration = registration
        $0.trouble = nil
      }
      keepRegistered(registration, at: epmd, as: name.alive, port: listener.localAddress?.port ?? 0)
    } catch {
      try? await listener.close()
      throw .epmd(error)
    }
  }

  /// An epmd that is not there yet, as after the start of a machine, is waited for. A name that is taken stays so.
  private func register(_ alive: ByteText, _ port: Int, at epmd: EpmdClient) async throws(EpmdError)
    -> EpmdRegistration
  {
    let start = NIODeadline.now()
    var isTold = false
    while true {
      do throws(EpmdError) {
        let registration = try await epmd.register(alive.string, port: port, isHidden: configuration.isHidden)
        if isTold { configuration.logger.notice("epmd is there; the start goes on") }
        return registration
      } catch {
        if case .nameTaken = error { throw error }
        state.withLock { $0.trouble = "the start waits for epmd: \(error)" }
        guard (NIODeadline.now() - start).nanoseconds < configuration.epmdWait.wholeNanoseconds else {
          throw error
        }
        if !isTold {
          configuration.logger.warning(
            "the start waits for epmd",
            metadata: ["reason": "\(error)", "at_most_ms": "\(configuration.epmdWait.wholeMilliseconds)"])
        }
        isTold = true
        do { try await Task.sleep(for: .milliseconds(250)) } catch _ { throw error }
      }
    }
  }

  /// Gives the name back and closes every connection.
  public func stop() async {
    let (listener, registration) = state.withLock { state in
      defer {
        state.listener = nil
        state.registration = nil
        state.registering = nil
      }
      state.registering?.cancel()
      state.trouble = "the node has stopped"
      return (state.listener, state.registration)
    }
    try? await listener?.close()
    await registration?.end()
    core.closeAll()
    core.strangers.endWindow()
  }

  /// Registers again as soon as an epmd is there that has forgotten this node: it is looked for every half second. The
  /// node keeps its creation, which processes that others know of carry.
  private func keepRegistered(
    _ registration: EpmdRegistration, at epmd: EpmdClient, as alive: ByteText, port: Int
  ) {
    let logger = configuration.logger
    let isHidden = configuration.isHidden
    let task = Task {
      var current = registration
      while !Task.isCancelled {
        await current.untilItEnds()
        guard !Task.isCancelled else { return }
        logger.warning("epmd is gone; the node registers again", metadata: ["node": "\(self.name)"])
        state.withLock { $0.trouble = "epmd is gone" }
        var last: EpmdError?
        var next: EpmdRegistration?
        while next == nil {
          do throws(EpmdError) {
            next = try await epmd.register(alive.string, port: port, isHidden: isHidden)
          } catch {
            if error != last {
              logger.warning("epmd does not take the node", metadata: ["reason": "\(error)"])
            }
            last = error
            state.withLock { $0.trouble = "\(error)" }
          }
          if next == nil, (try? await Task.sleep(for: .milliseconds(500))) == nil { return }
        }
        guard let next else { return }
        let isWanted = state.withLock { state in
          guard state.registration != nil else { return false }
          state.registration = next
          state.trouble = nil
          return true
        }
        guard isWanted else { return await next.end() }
        current = next
        logger.notice("epmd knows the node again", metadata: ["node": "\(self.name)"])
      }
    }
    state.withLock { $0.registering = task }
  }

  /// Where it listens; nil before `start`.
  public var port: Int? { state.withLock { $0.listener?.localAddress?.port } }

  /// Why nodes that are not connected yet do not find this one, for a person to read; nil when epmd has its name, or is not
  /// asked at all.
  public var trouble: String? { state.withLock { $0.trouble } }

  /// What the node did since it started.
  public var statistics: LocalNodeStatistics {
    core.withState { state in
      var statistics = state.statistics
      statistics.peers = state.peers.count
      statistics.messagesIn = core.messagesIn.load(ordering: .relaxed)
      return statistics
    }
  }

  // MARK: Other nodes

  /// The nodes connected now, by name.
  public var nodes: [ByteText] { core.withState { $0.peers.keys.sorted() } }

  /// Nodes that connect from now on, either way, need this cookie; those that are connected stay.
  ///
  /// - Throws: `LocalNodeError.emptyCookie`, and nothing is replaced then.
  public func replaceCookie(_ cookie: Cookie) throws(LocalNodeError) {
    if cookie.isEmpty { throw .emptyCookie }
    core.replaceCookie(cookie)
  }

  /// Connections from now on are encrypted with this; those that are there stay. A node that was made without TLS stays
  /// without.
  public func replaceTLS(_ tls: any TransportEncryption) { if core.tls != nil { core.replaceTLS(tls) } }

  /// Tells of nodes that come and go, in the order in which they do; the first calls tell of those connected already. Called
  /// from any thread, one call at a time, and before calls that end with a connection end.
  public func watchNodes(_ watcher: @escaping @Sendable (NodeEvent) -> Void) { core.watchNodes(watcher) }

  /// Tells whenever a node that is to stay connected cannot be reached, and why. Called from any thread.
  package func watchDials(_ watcher: @escaping @Sendable (_ node: ByteText, _ reason: ByteText) -> Void) {
    core.withState { $0.dialWatchers.append(watcher) }
  }

  /// Connects to a node, or does nothing when it is connected.
  ///
  /// - Throws: `CallError.unreachable` saying why.
  public func connect(to node: ByteText) async throws(CallError) { _ = try await peer(node) }

  /// Ends the connection to a node.
  public func disconnect(from node: ByteText) { core.peer(node)?.close() }

  /// Keeps connections to nodes as long as the task runs: one that is lost is made anew, after 1 s, then twice as
  /// long each time, up to 30 s.
  public func keepConnected(to nodes: [ByteText]) async {
    await withDiscardingTaskGroup { group in
      for node in nodes where node != name {
        group.addTask {
          var wait: Int64 = 1
          while !Task.isCancelled {
            let isConnected: Bool
            do throws(CallError) {
              try await self.connect(to: node)
              isConnected = true
            } catch {
              isConnected = false
              if case .unreachable(let reason) = error { self.core.dialFailed(node, reason) }
            }
            wait = isConnected ? 1 : min(wait * 2, 30)
            try? await Task.sleep(for: .seconds(wait))
          }
        }
      }
    }
  }

  // MARK: Processes

  /// A process that others can send to, by its pid or, when it has one, by its name.
  ///
  /// - Parameters:
  ///   - limit: messages that wait at most; more are lost and counted.
  ///   - limitBytes: the same in bytes on the wire.
  /// - Throws: `LocalNodeError.nameTaken`.
  public func makeMailbox(named name: ByteText? = nil, limit: Int = 10_000, limitBytes: Int = 64 << 20)
    throws(LocalNodeError) -> Mailbox
  {
    try makeMailbox(named: name, limit: limit, limitBytes: limitBytes, room: nil, overflow: nil)
  }

  /// The same for a mailbox that shares its room with others, or ends when it is full.
  package func makeMailbox(
    named name: ByteText? = nil, limit: Int, limitBytes: Int, room: MailboxRoom?, overflow: Mailbox.Overflow?
  ) throws(LocalNodeError) -> Mailbox {
    let mailbox = Mailbox(
      pid: core.makePid(), core: core, limit: max(1, limit), limitBytes: limitBytes, room: room,
      overflow: overflow)
    let isFree = core.withState { state in
      if let name {
        guard state.names[name] == nil, state.servers[name] == nil, !NodeCore.builtIn.contains(name) else {
          return false
        }
        state.names[name] = mailbox.pid.id
      }
      state.mailboxes[mailbox.pid.id] = NodeCore.WeakMailbox(mailbox: mailbox)
      return true
    }
    if !isFree, let name { throw .nameTaken(name) }
    return mailbox
  }

  /// Sends to a process of another node, or of this one.
  ///
  /// - Throws: `CallError.unreachable`, or `overloaded` when too much waits for that node.
  public func send(_ term: Term, to pid: Pid) async throws(CallError) {
    if pid.node == name { return core.deliver(.message(term), to: pid.id) }
    guard try await peer(pid.node).send(.send(to: pid, term)) else { throw .overloaded }
  }

  /// Sends to a process by its name.
  public func send(_ term: Term, toProcess process: ByteText, on node: ByteText) async throws(CallError) {
    let message = DistributionMessage.sendNamed(from: core.makePid(), to: process, term)
    guard try await peer(node).send(message) else { throw .overloaded }
  }

  /// Answers a request that a process made of a mailbox, as of any process: `gen_server:call(Pid, …)`, `sys:terminate(Pid, …)`.
  ///
  /// - Parameter caller: the second element of the request: `{Pid, Tag}`.
  public func reply(_ term: Term, to caller: Term) async throws(CallError) {
    guard let parts = caller.tupleElements, parts.count == 2, case .pid(let from) = parts[0] else { return }
    let peer = try await peer(from.node)
    let call = ServerCall(process: "", from: from, tag: parts[1], peer: peer)
    guard peer.send(call.answer(term, from: core.groupLeader)) else { throw .overloaded }
  }

  // MARK: Serving

  /// Makes a function callable by other nodes: `rpc:call(Node, Module, Function, Arguments)` and `erpc:call`. Modules of
  /// Elixir are named `Elixir.My.Module`.
  ///
  /// A function fails as Erlang's would by throwing an `ErlangFailure`.
  public func register(
    _ module: ByteText, _ function: ByteText, _ body: @escaping @Sendable ([Term]) async throws -> Term
  ) {
    register(module, function, withCaller: { arguments, _ in try await body(arguments) })
  }

  /// Asked for functions that are not registered; nil means that there is none.
  public func registerFallback(
    _ body:
      @escaping @Sendable (_ module: ByteText, _ function: ByteText, _ arguments: [Term]) async throws ->
      Term?
  ) {
    core.withState { $0.fallback = body }
  }

  /// Answers `gen_server:call({Name, Node}, Request)`.
  public func registerServer(_ name: ByteText, _ body: @escaping @Sendable (Term) async throws -> Term) {
    core.withState { $0.servers[name] = body }
  }
}
