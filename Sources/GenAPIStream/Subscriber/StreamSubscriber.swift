import Listening
import Locking
import Logging
import NIOCore
import NIOPosix

/// The client of the telemetry stream: connects to one gateway, for ever, and tells what arrives.
///
/// ```swift
/// let subscriber = StreamSubscriber(target: try StreamTarget(parsing: "gw1:4710"))
/// subscriber.start()
/// for await event in subscriber.events { … }
/// ```
public final class StreamSubscriber: Sendable {
  /// The gateway it reads.
  public let target: StreamTarget
  let mailbox: SubscriberMailbox
  private let group: any EventLoopGroup
  private let backoff: Backoff
  private let state: Mutex<State>
  /// Whether there is a recording, so that every line need not ask under the lock.
  private let isRecording = Atomic<Bool>(false)

  private struct State {
    var subscription: Subscription
    var task: Task<Void, Never>?
    var channel: (any Channel)?
    var recording: RecordingWriter?
    /// The recording has a snapshot: what follows can be understood.
    var hasRecordedSnapshot = false
    /// What the gateway said first, to begin a recording with.
    var hello: ByteBuffer?
    var isStopped = false
    /// Waits before the next try.
    var pause: Task<Void, Never>?
    /// Whoever knows that the gateway is there has said so since the last try began.
    var isExpected = false

    /// What the gateway is asked for: lines are recorded as they come, and each is to be read without those before it.
    var wanted: Subscription {
      var wanted = subscription
      if recording != nil { wanted.changedBuckets = false }
      return wanted
    }
  }

  /// - Parameters:
  ///   - eventLimit: events that may wait to be taken; newer ones are thrown away and counted.
  public convenience init(
    target: StreamTarget, subscription: Subscription = Subscription(), eventLimit: Int = 20_000,
    group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
  ) {
    self.init(
      target: target, subscription: subscription, eventLimit: eventLimit, group: group, backoff: Backoff())
  }

  init(
    target: StreamTarget, subscription: Subscription = Subscription(), eventLimit: Int = 20_000,
    group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton, backoff: Backoff
  ) {
    self.backoff = backoff
    self.target = target
    self.group = group
    mailbox = SubscriberMailbox(eventLimit: eventLimit)
    state = Mutex(State(subscription: subscription))
  }

  deinit { state.withLock { $0.task }?.cancel() }

  /// Begins to connect; again whenever the connection breaks, until `stop`.
  public func start() {
    state.withLock { state in
      guard state.task == nil, !state.isStopped else { return }
      state.task = Task { [weak self, mailbox] in
        guard var backoff = self?.backoff else { return }
        var random = SystemRandomNumberGenerator()
        while !Task.isCancelled {
          guard let worked = await self?.connectOnce() else { return }
          if worked { backoff.reset() }
          if Task.isCancelled { break }
          let wait = backoff.next(using: &random)
          mailbox.push([.retrying(inMs: wait)])
          if await self?.pause(milliseconds: wait) == true { backoff.reset() }
        }
        mailbox.finish()
      }
    }
  }

  /// Tries to connect now instead of after its pause: for whoever knows that the gateway is there again.
  package func expectGateway() {
    let pause = state.withLock { state in
      state.isExpected = true
      return state.pause
    }
    pause?.cancel()
  }

  /// - Returns: whether the gateway is expected to be there.
  private func pause(milliseconds: Int) async -> Bool {
    let pause = Task { _ = try? await Task.sleep(for: .milliseconds(milliseconds)) }
    let isExpected = state.withLock { state in
      state.pause = pause
      return state.isExpected
    }
    if isExpected { pause.cancel() }
    await withTaskCancellationHandler {
      await pause.value
    } onCancel: {
      pause.cancel()
    }
    return state.withLock { state in
      state.pause = nil
      defer { state.isExpected = false }
      return state.isExpected
    }
  }

  /// Closes the connection and ends the sequences. What waits can still be taken.
  public func stop() async {
    let (task, channel) = state.withLock { state in
      state.isStopped = true
      return (state.task, state.channel)
    }
    task?.cancel()
    try? await channel?.close()
    await task?.value
    mailbox.finish()
  }

  /// Changes what is asked for: the gateway filters from now on, and a fresh snapshot comes.
  public func update(subscription: Subscription) {
    state.withLock { $0.subscription = subscription }
    tellSubscription()
  }

  private func tellSubscription() {
    let (channel, wanted) = state.withLock { ($0.channel, $0.wanted) }
    guard let channel else { return }
    channel.eventLoop.execute {
      _ = try? channel.pipeline.syncOperations.handler(type: StreamClientHandler.self).update(wanted)
    }
  }

  /// What is asked for now.
  public var subscription: Subscription { state.withLock { $0.subscription } }

  /// Appends every frame that arrives from now on to a recording; nil ends that.
  ///
  /// A recording begins with the gateway's hello and a snapshot, which is asked for in the middle of a connection: what
  /// changes before it has come would be changes of something unknown.
  public func record(to writer: RecordingWriter?) {
    let isOtherSubscription = state.withLock { state in
      let before = state.wanted
      state.recording = writer
      state.hasRecordedSnapshot = false
      isRecording.store(writer != nil, ordering: .relaxed)
      return state.wanted != before
    }
    // Either brings a snapshot.
    if isOtherSubscription { tellSubscription() } else if writer != nil { askAgain() }
  }

  /// Asks for a snapshot: what waited was thrown away, and the next changes would be of something unknown.
  package func askAgain() {
    guard let channel = state.withLock({ $0.channel }) else { return }
    channel.eventLoop.execute {
      try? channel.pipeline.syncOperations.handler(type: StreamClientHandler.self).askAgain()
    }
  }

  func recorded(_ frame: Frame, _ line: ByteBuffer) {
    if case .hello = frame {
      // A copy: the line is a piece of all that was read with it.
      let hello = ByteBuffer(bytes: line.readableBytesView)
      state.withLock { $0.hello = hello }
    }
    guard isRecording.load(ordering: .relaxed) else { return }
    let (writer, hello) = state.withLock { state -> (RecordingWriter?, ByteBuffer?) in
      guard let writer = state.recording else { return (nil, nil) }
      if state.hasRecordedSnapshot { return (writer, nil) }
      switch frame {
      case .snapshot:
        state.hasRecordedSnapshot = true
        return (writer, state.hello)
      // Why there is no snapshot.
      case .error, .bye: return (writer, nil)
      default: return (nil, nil)
      }
    }
    guard let writer else { return }
    if let hello { writer.append(hello, from: target) }
    writer.append(line, from: target)
  }

  /// One connection, from the first try to its end; true when the gateway sent its numbers.
  private func connectOnce() async -> Bool {
    mailbox.push([.connecting])
    let handler: NIOLoopBound<StreamClientHandler>
    let channel: any Channel
    do {
      let loop = group.next()
      handler = try await loop.submit { [self] in
        NIOLoopBound(
          StreamClientHandler(
            subscription: state.withLock { $0.wanted }, token: target.token, mailbox: mailbox,
            tap: { [weak self] frame, line in self?.recorded(frame, line) },
            isRecording: { [weak self] in self?.isRecording.load(ordering: .relaxed) ?? false }),
          eventLoop: loop)
      }.get()
      let bootstrap = ClientBootstrap(group: loop)
        .connectTimeout(.seconds(5))
        .channelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(handler.value)
          }
        }
      channel =
        switch target.address {
        case .tcp(let host, let port): try await bootstrap.connect(host: host, port: port).get()
        case .unix(let path): try await bootstrap.connect(unixDomainSocketPath: path).get()
        }
    } catch {
      mailbox.push([.failed("cannot connect to \(target): \(ConnectionProblem.describe(error))")])
      return false
    }
    let isStopped = state.withLock { state in
      state.channel = channel
      return state.isStopped
    }
    if isStopped { channel.close(promise: nil) }
    // The subscription may have changed while connecting.
    tellSubscription()
    try? await channel.closeFuture.get()
    state.withLock { $0.channel = nil }
    return (try? await channel.eventLoop.submit { handler.value.wasServed }.get()) ?? false
  }
}
