import Listening
import Locking
import Logging
import NIOCore
import NIOPosix
import OutsideText

/// What all connections of a node share. Used from every thread.
final class NodeCore: Sendable {
  typealias Function = @Sendable ([Term], Caller) async throws -> Term
  typealias Fallback =
    @Sendable (_ module: ByteText, _ function: ByteText, _ arguments: [Term]) async throws -> Term?
  typealias Server = @Sendable (Term) async throws -> Term

  struct State {
    var peers: [ByteText: PeerConnection] = [:]
    /// That we are shaking hands with.
    var connecting: Set<ByteText> = []
    var attempts = ConnectAttempts<ConnectWaiter>()
    var serial: UInt64 = 0
    var lastPid: UInt32 = 100
    var lastReference: UInt64 = 0
    /// By the number of the call's reference.
    var pending: [UInt64: PendingCall] = [:]
    var deadlines = CallDeadlines()
    var mailboxes: [UInt32: WeakMailbox] = [:]
    var names: [ByteText: UInt32] = [:]
    /// Who watches which of our processes.
    var monitors = ProcessMonitors()
    var links = ProcessLinks()
    /// What our mailboxes watch.
    var watches = ProcessWatches()
    var functions: [ByteText: [ByteText: Function]] = [:]
    /// Those of which each node has one call run at a time.
    var inTurn: [ByteText: Set<ByteText>] = [:]
    var fallback: Fallback?
    var servers: [ByteText: Server] = [:]
    var watchers: [@Sendable (NodeEvent) -> Void] = []
    /// Told when a node that is to stay connected cannot be reached.
    var dialWatchers: [@Sendable (_ node: ByteText, _ reason: ByteText) -> Void] = []
    var failingDials = FailingDials()
    var serving = 0
    /// Set as soon as no more calls are taken; called when none is under way.
    var idle: (@Sendable () -> Void)?
    var door: Door
    /// Those inside the door.
    var waiting: [UInt64: any Channel] = [:]
    var globalLocks = GlobalLocks()
    /// Whose end sets locks free, with the number of the reference they are watched with.
    var lockHolders: [Pid: UInt64] = [:]
    var statistics = LocalNodeStatistics()
  }

  /// A mailbox that nobody holds any more ends.
  struct WeakMailbox: Sendable {
    weak let mailbox: Mailbox?
  }

  let configuration: LocalNodeConfiguration
  /// Whatever strangers can cause goes to the log through it.
  let strangers: StrangerLog
  private let creation = Mutex<UInt32>(1)
  private let cookie: Mutex<Cookie>
  private let currentTLS: Mutex<(any TransportEncryption)?>
  private let state: Mutex<State>
  /// Whoever watches nodes hears of them in the order of what happened, before those whose calls end by it.
  private let announcements = OrderedSteps()
  /// Where large messages are read.
  let readers = NIOThreadPool.singleton

  /// Where the timer of calls runs.
  let timeLoop: any EventLoop
  let messagesIn = Atomic<Int64>(0)

  init(_ configuration: LocalNodeConfiguration, timeLoop: any EventLoop) {
    self.configuration = configuration
    cookie = Mutex(configuration.cookie)
    currentTLS = Mutex(configuration.tls)
    self.timeLoop = timeLoop
    strangers = StrangerLog(logger: configuration.logger, loop: timeLoop)
    let door = Door(
      limit: configuration.maxHandshakes, limitPerAddress: configuration.maxHandshakesPerAddress)
    state = Mutex(State(door: door))
  }

  func withState<Result>(_ body: (inout State) throws -> sending Result) rethrows -> sending Result {
    try state.withLock { try body(&$0) }
  }

  var own: DistributionHandshake.Own {
    DistributionHandshake.Own(
      name: configuration.name,
      flags: configuration.isHidden ? .ours : [.ours, .published], creation: creation.withLock { $0 },
      cookie: cookie.withLock { $0 }, takesOver: configuration.takesOverName)
  }

  /// Nodes that connect from now on need it; those that are connected stay.
  func replaceCookie(_ new: Cookie) { cookie.withLock { $0 = new } }

  /// What connections are encrypted with; nil without encryption.
  var tls: (any TransportEncryption)? { currentTLS.withLock { $0 } }

  func replaceTLS(_ new: any TransportEncryption) { currentTLS.withLock { $0 = new } }

  func setCreation(_ value: UInt32) { creation.withLock { $0 = value } }

  // MARK: Names

  func makePid() -> Pid {
    let id = state.withLock { state in
      state.lastPid &+= 1
      return state.lastPid
    }
    return Pid(node: configuration.name, id: id, serial: 0, creation: creation.withLock { $0 })
  }

  /// Where processes that run for us print to: it always lives, and answers that all is printed.
  var groupLeader: Pid {
    Pid(node: configuration.name, id: 1, serial: 0, creation: creation.withLock { $0 })
  }

  /// Numbers calls and watches; a reference is made of one, and says it again.
  func makeNumber() -> UInt64 {
    state.withLock { state in
      state.lastReference += 1
      return state.lastReference
    }
  }

  func reference(_ number: UInt64) -> Reference {
    // The first word has 18 bits.
    Reference(
      node: configuration.name, creation: creation.withLock { $0 },
      ids: [
        UInt32(number & 0x3FFFF), UInt32(truncatingIfNeeded: number >> 18),
        UInt32(truncatingIfNeeded: number >> 50),
      ])
  }

  /// nil for a reference that we did not make.
  func number(of reference: Reference) -> UInt64? {
    guard reference.ids.count == 3, reference.ids[0] <= 0x3FFFF, reference.ids[2] < 1 << 14,
      reference.node == configuration.name
    else { return nil }
    return UInt64(reference.ids[0]) | UInt64(reference.ids[1]) << 18 | UInt64(reference.ids[2]) << 50
  }

  // MARK: Connections

  func makePeer(_ found: DistributionHandshake.Peer, _ channel: any Channel) -> PeerConnection {
    let serial = state.withLock { state in
      state.serial += 1
      return state.serial
    }
    return PeerConnection(found, serial: serial, channel: channel, limitBytes: configuration.outgoingBytes)
  }

  /// What to say to a node that connects under this name.
  func statusFor(_ name: ByteText) -> ByteText {
    state.withLock { state in
      if name == configuration.name { return "not_allowed" }
      if state.peers[name] != nil { return "alive" }
      guard state.peers.count < configuration.maxPeers else { return "not_allowed" }
      guard state.connecting.contains(name) else { return "ok" }
      // Both connect at the same time: the greater name's connection stays.
      return configuration.name > name ? "nok" : "ok_simultaneous"
    }
  }

  func connected(_ peer: PeerConnection, wasAccepted: Bool) {
    let (old, failed) = state.withLock { state in
      state.statistics.peers += 1
      let old = state.peers.updateValue(peer, forKey: peer.name)
      let waiters = state.attempts.connected(peer.name)
      let watchers = old == nil ? state.watchers : []
      announcements.add {
        for watcher in watchers { watcher(.up(peer.name)) }
        for waiter in waiters { waiter.resume(returning: .success(peer)) }
      }
      return (old, state.failingDials.succeeded(peer.name))
    }
    // An earlier connection of a node that came back.
    if let old {
      end(take(of: old))
      strangers.note(
        .warning, "a node is connected anew while it was connected; two programs may have one name",
        from: peer.name.string, metadata: [:])
    }
    old?.close()
    var metadata: Logger.Metadata = ["node": "\(peer.name)"]
    if let failed { metadata["failed_before"] = .stringConvertible(failed) }
    configuration.logger.info("a node is connected", metadata: metadata)
    announcements.run()
  }

  /// Tells a watcher of the nodes that are connected, and from then on of all that come and go.
  func watchNodes(_ watcher: @escaping @Sendable (NodeEvent) -> Void) {
    state.withLock { state in
      state.watchers.append(watcher)
      let known = state.peers.keys.sorted()
      announcements.add { for name in known { watcher(.up(name)) } }
    }
    announcements.run()
  }

  /// A node that is to stay connected cannot be reached; whoever waited for it is told by itself.
  func dialFailed(_ node: ByteText, _ reason: ByteText) {
    state.withLock { state in
      // Connected meanwhile, the other way.
      guard state.peers[node] == nil else { return }
      let watchers = state.dialWatchers
      announcements.add { for watcher in watchers { watcher(node, reason) } }
    }
    announcements.run()
  }

  func disconnected(_ peer: PeerConnection, reason: ByteText) {
    let isDown = state.withLock { state in
      guard state.peers[peer.name]?.serial == peer.serial else { return false }
      state.peers[peer.name] = nil
      let lost = Self.take(of: peer, from: &state)
      let watchers = state.watchers
      announcements.add { [weak self] in
        for watcher in watchers { watcher(.down(peer.name, reason: reason)) }
        self?.end(lost)
      }
      return true
    }
    // Replaced meanwhile: what was under way on it is lost, but the node is not down.
    guard isDown else { return end(take(of: peer)) }
    configuration.logger.info("a node is gone", metadata: ["node": "\(peer.name)", "reason": "\(reason)"])
    announcements.run()
  }

  /// What was under way on a connection that is no more.
  private struct Lost: Sendable {
    var calls: [PendingCall]
    var watches: [(number: UInt64, watch: ProcessWatch)]
    var links: [(process: Pid, mailbox: UInt32)]
  }

  private func take(of peer: PeerConnection) -> Lost { state.withLock { Self.take(of: peer, from: &$0) } }

  private static func take(of peer: PeerConnection, from state: inout State) -> Lost {
    let calls = state.pending.filter { $0.value.peer == peer.serial }
    for key in calls.keys { state.pending[key] = nil }
    var links: [(process: Pid, mailbox: UInt32)] = []
    // Those of the connection that took its place stay.
    if state.peers[peer.name].map({ $0.serial == peer.serial }) ?? true {
      state.monitors.remove(of: peer.name)
      links = state.links.take(of: peer.name)
      state.globalLocks.release(node: ByteText(peer.name.string))
      state.lockHolders = state.lockHolders.filter { $0.key.node != peer.name }
    }
    return Lost(calls: Array(calls.values), watches: state.watches.take(over: peer.serial), links: links)
  }

  /// Every call under way on a connection ends, and what is watched over it is down.
  private func end(_ lost: Lost) {
    for call in lost.calls { call.continuation.resume(returning: .failure(.connectionLost)) }
    for (number, watch) in lost.watches {
      deliver(.down(reference(number), reason: .atom("noconnection")), to: watch.mailbox)
    }
    for (process, mailbox) in lost.links {
      deliver(.exit(from: process, reason: .atom("noconnection")), to: mailbox)
    }
  }

  func closeAll() {
    for peer in state.withLock({ Array($0.peers.values) }) { peer.close() }
  }

  func peer(_ name: ByteText) -> PeerConnection? { state.withLock { $0.peers[name] } }

  // MARK: Mailboxes

  func mailboxEnded(_ pid: Pid, reason: Term) {
    let (told, unwatched, linked) = state.withLock { state in
      state.mailboxes[pid.id] = nil
      let names = state.names.filter { $0.value == pid.id }.map(\.key)
      for name in names { state.names[name] = nil }
      let unwatched = state.watches.take(of: pid.id)
      let ended = ([.pid(pid)] + names.map(DistributionMessage.Target.name)).flatMap {
        state.monitors.take(of: $0)
      }
      return (
        ended.compactMap { ended in
          state.peers[ended.monitor.peer].map { ($0, ended.reference, ended.monitor) }
        },
        unwatched.compactMap { number, watch in state.peers[watch.target.node].map { ($0, number, watch) } },
        state.links.take(of: pid.id).compactMap { process in state.peers[process.node].map { ($0, process) } }
      )
    }
    for (peer, number, watch) in unwatched where peer.serial == watch.peer {
      peer.send(.demonitor(from: pid, to: watch.target.process, reference(number)))
    }
    for (peer, reference, monitor) in told {
      peer.send(.monitorExit(from: monitor.target, to: monitor.watcher, reference, reason: reason))
    }
    for (peer, process) in linked { peer.send(.exit(from: pid, to: process, reason: reason)) }
  }

  /// - Parameter bytes: how large the message was on the wire.
  func deliver(_ message: Mailbox.Message, bytes: Int = 0, to id: UInt32) {
    let mailbox = state.withLock { $0.mailboxes[id]?.mailbox }
    if mailbox?.deliver(message, bytes: bytes) != true {
      state.withLock { $0.statistics.messagesDropped += 1 }
    }
  }
}
