import NIOCore
import NIOPosix
import OutsideText

/// Talks to the Erlang Port Mapper Daemon, which knows on which ports a host's nodes listen.
public struct EpmdClient: Sendable {
  public static let standardPort = 4_369

  public var host: ByteText
  public var port: Int
  /// Seconds an answer may take.
  public var timeoutSeconds: Int64 = 5

  public init(host: ByteText = "127.0.0.1", port: Int = EpmdClient.standardPort) {
    self.host = host
    self.port = port
  }

  /// A node as epmd knows it.
  public struct Entry: Sendable, Equatable {
    public var port: Int
    public var highestVersion: UInt16
  }

  /// The port of a node; nil when no node of this name is registered.
  ///
  /// - Throws: `EpmdError`.
  public func lookUp(_ alive: ByteText) async throws(EpmdError) -> Entry? {
    var request = ByteBuffer(bytes: [122])
    request.writeString(alive.string)
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
  public func names() async throws(EpmdError) -> [ByteText: Int] {
    var answer = try await ask(ByteBuffer(bytes: [110]))
    guard answer.readInteger(as: UInt32.self) != nil else { throw .malformed }
    var names: [ByteText: Int] = [:]
    // "name gateway at port 40000"
    for line in (answer.readString(length: answer.readableBytes) ?? "").split(separator: "\n") {
      let words = line.split(separator: " ")
      if words.count == 5, words[0] == "name", let port = Int(words[4]) { names["\(words[1])"] = port }
    }
    return names
  }

  /// Registers a node, for as long as the registration is kept.
  ///
  /// - Throws: `EpmdError.nameTaken` when another node has this name.
  public func register(_ alive: ByteText, port: Int, isHidden: Bool) async throws(EpmdError) -> EpmdRegistration
  {
    var request = ByteBuffer(bytes: [120])
    request.writeInteger(UInt16(port))
    request.writeBytes([isHidden ? 72 : 77, 0])
    request.writeInteger(UInt16(6))
    request.writeInteger(UInt16(5))
    request.writeInteger(UInt16(alive.utf8.count))
    request.writeString(alive.string)
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
      throw (error as? EpmdError) ?? .unreachable("\(error)")
    }
  }

  private func ask(_ request: ByteBuffer) async throws(EpmdError) -> ByteBuffer {
    let (channel, handler) = try await connect()
    do {
      // Answered by closing the connection.
      let answer = try await exchange(request, channel, handler) { _ in false }
      channel.close(promise: nil)
      return answer
    } catch {
      channel.close(promise: nil)
      throw (error as? EpmdError) ?? .unreachable("\(error)")
    }
  }

  private func connect() async throws(EpmdError) -> (any Channel, NIOLoopBound<EpmdHandler>) {
    do {
      return try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .connectTimeout(.seconds(timeoutSeconds))
        .connect(host: host.string, port: port) { channel in
          channel.eventLoop.makeCompletedFuture {
            let handler = EpmdHandler()
            try channel.pipeline.syncOperations.addHandler(handler)
            return (channel, NIOLoopBound(handler, eventLoop: channel.eventLoop))
          }
        }
    } catch {
      throw .unreachable("\(host):\(port): \(error)")
    }
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
    let timeout = channel.eventLoop.scheduleTask(in: .seconds(timeoutSeconds)) {
      answer.fail(EpmdError.timeout)
    }
    defer { timeout.cancel() }
    return try await answer.futureResult.get()
  }
}

/// A node's name at epmd: kept until it is given back or the process ends.
public struct EpmdRegistration: Sendable {
  private let channel: any Channel
  /// Tells this node from earlier ones of its name.
  public let creation: UInt32

  init(channel: any Channel, creation: UInt32) {
    self.channel = channel
    self.creation = creation
  }

  /// Gives the name back.
  public func end() async { try? await channel.close() }
}

/// Why epmd did not help.
public enum EpmdError: Error, Equatable, Sendable, CustomStringConvertible {
  case unreachable(ByteText)
  case nameTaken(ByteText)
  case timeout
  case malformed

  public var description: String {
    switch self {
    case .unreachable(let reason): "epmd cannot be reached at \(reason); start it with `epmd -daemon`"
    case .nameTaken(let name): "another node has the name \(name)"
    case .timeout: "epmd does not answer"
    case .malformed: "epmd's answer cannot be understood"
    }
  }
}

/// Gathers an answer.
final class EpmdHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private var bytes = ByteBuffer()
  private var isWhole: (@Sendable (ByteBuffer) -> Bool)?
  private var answer: EventLoopPromise<ByteBuffer>?

  func expect(_ isWhole: @escaping @Sendable (ByteBuffer) -> Bool, _ answer: EventLoopPromise<ByteBuffer>) {
    self.isWhole = isWhole
    self.answer = answer
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var part = unwrapInboundIn(data)
    guard bytes.readableBytes + part.readableBytes <= 1 << 20 else { return context.close(promise: nil) }
    bytes.writeBuffer(&part)
    if isWhole?(bytes) == true { finish() }
  }

  func channelInactive(context: ChannelHandlerContext) { finish() }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    answer?.fail(error)
    answer = nil
    context.close(promise: nil)
  }

  private func finish() {
    answer?.succeed(bytes)
    answer = nil
  }
}
