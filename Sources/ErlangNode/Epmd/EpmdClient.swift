import Listening
import NIOCore
import NIOPosix
import NetworkAddress
import OutsideText

/// Talks to the Erlang Port Mapper Daemon, which knows on which ports a host's nodes listen.
public struct EpmdClient: Sendable {
  /// The port of epmd, 4369.
  public static let standardPort = 4_369

  /// Where epmd runs.
  public var host: String
  /// The port that epmd listens on.
  public var port: Int
  /// How long an answer may take. Default 5 s.
  public var timeout = Duration.seconds(5)

  public init(host: String = "127.0.0.1", port: Int = EpmdClient.standardPort) {
    self.host = host
    self.port = port
  }

  /// A node as epmd knows it.
  public struct Entry: Sendable, Equatable {
    /// The port that the node listens on.
    public var port: Int
    /// The highest version of the distribution protocol that it speaks.
    public var highestVersion: UInt16
  }

  /// The port of a node; nil when no node of this name is registered.
  ///
  /// - Throws: `EpmdError`.
  public func lookUp(_ alive: String) async throws(EpmdError) -> Entry? {
    var request = ByteBuffer(bytes: [122])
    request.writeString(alive)
    var answer = try await ask(request)
    guard let tag = answer.readInteger(as: UInt8.self), tag == 119,
      let result = answer.readInteger(as: UInt8.self)
    else { throw .malformed }
    guard result == 0 else { return nil }
    guard let port = answer.readInteger(as: UInt16.self), answer.readInteger(as: UInt16.self) != nil,
      let highest = answer.readInteger(as: UInt16.self)
    else { throw .malformed }
    return Entry(port: Int(port), highestVersion: highest)
  }

  /// The names of all nodes of the host, with their ports.
  public func names() async throws(EpmdError) -> [String: Int] {
    var answer = try await ask(ByteBuffer(bytes: [110]))
    guard answer.readInteger(as: UInt32.self) != nil else { throw .malformed }
    var names: [String: Int] = [:]
    // "name gateway at port 40000"
    for line in (answer.readString(length: answer.readableBytes) ?? "").split(separator: "\n") {
      let words = line.split(separator: " ")
      if words.count == 5, words[0] == "name", let port = Int(words[4]) { names[String(words[1])] = port }
    }
    return names
  }

  /// Registers a node, for as long as the registration is kept.
  ///
  /// - Throws: `EpmdError.nameTaken` when another node has this name.
  public func register(_ alive: String, port: Int, isHidden: Bool) async throws(EpmdError) -> EpmdRegistration
  {
    var request = ByteBuffer(bytes: [120])
    request.writeInteger(UInt16(port))
    request.writeBytes([isHidden ? 72 : 77, 0])
    request.writeInteger(UInt16(6))
    request.writeInteger(UInt16(5))
    request.writeInteger(UInt16(alive.utf8.count))
    request.writeString(alive)
    request.writeInteger(UInt16(0))
    let (channel, handler) = try await connect()
    do {
      var answer = try await exchange(request, channel, handler) { $0.readableBytes >= 4 }
      let tag = answer.readInteger(as: UInt8.self)
      let result = answer.readInteger(as: UInt8.self)
      guard result == 0 else { throw EpmdError.nameTaken(alive) }
      let creation: UInt32? =
        tag == 118
        ? answer.readInteger(as: UInt32.self) : answer.readInteger(as: UInt16.self).map(UInt32.init)
      guard let creation else { throw EpmdError.malformed }
      return EpmdRegistration(channel: channel, creation: creation)
    } catch {
      channel.close(promise: nil)
      throw (error as? EpmdError) ?? unreachable(error)
    }
  }

  private func ask(_ request: ByteBuffer) async throws(EpmdError) -> ByteBuffer {
    let (channel, handler) = try await connect()
    do {
      // Answered by closing the connection.
      let answer = try await exchange(request, channel, handler) { _ in false }
      channel.close(promise: nil)
      // What takes connections for others, as a firewall does, ends them like this.
      guard answer.readableBytes > 0 else {
        throw EpmdError.unreachable(
          "\(HostPort(host: host, port: port)): the connection was closed without an answer")
      }
      return answer
    } catch {
      channel.close(promise: nil)
      throw (error as? EpmdError) ?? unreachable(error)
    }
  }

  private func connect() async throws(EpmdError) -> (any Channel, NIOLoopBound<EpmdHandler>) {
    do {
      return try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .connectTimeout(.milliseconds(timeout.wholeMilliseconds))
        .connect(host: host, port: port) { channel in
          channel.eventLoop.makeCompletedFuture {
            let handler = EpmdHandler()
            try channel.pipeline.syncOperations.addHandler(handler)
            return (channel, NIOLoopBound(handler, eventLoop: channel.eventLoop))
          }
        }
    } catch {
      throw unreachable(error)
    }
  }

  /// Where nobody listens one can be started; a host that is not known, or does not answer, has another fault.
  private func unreachable(_ error: any Error) -> EpmdError {
    let advice = ConnectionProblem.isRefusal(error) ? "; start it there with `epmd -daemon`" : ""
    return .unreachable("\(HostPort(host: host, port: port)): \(ConnectionProblem.describe(error))\(advice)")
  }

  private func exchange(
    _ request: ByteBuffer, _ channel: any Channel, _ handler: NIOLoopBound<EpmdHandler>,
    until isWhole: @escaping @Sendable (ByteBuffer) -> Bool
  ) async throws -> ByteBuffer {
    var packet = ByteBuffer()
    packet.writeInteger(UInt16(request.readableBytes))
    packet.writeImmutableBuffer(request)
    let answer = channel.eventLoop.makePromise(of: ByteBuffer.self)
    channel.eventLoop.execute { handler.value.expect(isWhole, answer) }
    channel.writeAndFlush(packet, promise: nil)
    let timeout = channel.eventLoop.scheduleTask(in: .milliseconds(timeout.wholeMilliseconds)) {
      answer.fail(EpmdError.timeout)
    }
    defer { timeout.cancel() }
    return try await answer.futureResult.get()
  }
}
