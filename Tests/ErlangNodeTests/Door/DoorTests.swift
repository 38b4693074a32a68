import InMemoryLogging
import Logging
import NIOCore
import NIOEmbedded
import NIOPosix
import OutsideText
import TestRandom
import TestWaiting
import Testing

@testable import ErlangNode

@Suite("The door: connections that have not said who they are")
struct DoorTests {
  @Test("so many are inside at one time, and so many of one address; the oldest gives way")
  func bounds() {
    var door = Door(limit: 5, limitPerAddress: 2)
    for address in ["a", "a", "b", "c", "d"] { #expect(door.enter(address).leaving == []) }
    // Its own address has no room.
    #expect(door.enter("a").leaving == [1])
    #expect(door.count == 5 && door.count(of: "a") == 2)
    // No room at all: of the address that has most.
    #expect(door.enter("e").leaving == [2])
    #expect(door.count == 5 && door.count(of: "a") == 1)
    // All have one: the oldest.
    #expect(door.enter("f").leaving == [3])
    door.leave(4)
    #expect(door.enter("g").leaving == [])
  }

  @Test("where descriptors are scarce fewer are inside, and the oldest gives way earlier")
  func scarce() {
    var door = Door(limit: 5, limitPerAddress: 2)
    for address in ["a", "b", "c"] { #expect(door.enter(address).leaving == []) }
    #expect(door.enter("d", most: 3).leaving == [1])
    #expect(door.enter("e", most: 64).leaving == [])
    #expect(door.count == 4)
    // They became scarce while many were inside: all that are too many leave, not one for each that comes.
    #expect(door.enter("f", most: 2).leaving == [2, 3, 4])
    #expect(door.count == 2)
    #expect(door.enter("g", most: 0).leaving == [5, 6] && door.count == 1)
  }

  @Test(
    "whatever comes and goes, nobody is counted twice or forgotten, and who came last stays",
    arguments: 1...20)
  func property(_ seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var door = Door(limit: 10, limitPerAddress: 3)
    var inside: [(ticket: UInt64, address: String)] = []
    for _ in 0..<2_000 {
      let address = "\(Int.random(in: 0..<6, using: &random))"
      if Int.random(in: 0..<3, using: &random) > 0 {
        let isFull = inside.count == 10 || inside.count { $0.address == address } == 3
        let (ticket, leaving) = door.enter(address)
        #expect(leaving.count == (isFull ? 1 : 0))
        #expect(leaving.allSatisfy { ticket in inside.contains { $0.ticket == ticket } })
        inside.removeAll { leaving.contains($0.ticket) }
        inside.append((ticket, address))
      } else if let place = inside.indices.randomElement(using: &random) {
        door.leave(inside.remove(at: place).ticket)
      }
      #expect(door.count == inside.count && door.count(of: address) == inside.count { $0.address == address })
    }
  }

  @Test("addresses of one IPv6 network count as one, IPv4 addresses each for itself")
  func places() throws {
    func place(_ text: String) throws -> String {
      Door.countedAddress(of: try SocketAddress(ipAddress: text, port: 1))
    }
    #expect(try place("2001:db8:1:2::5") == place("2001:db8:1:2:ffff::1"))
    #expect(try place("2001:db8:1:2::5") != place("2001:db8:1:3::5"))
    #expect(try place("10.0.0.1") != place("10.0.0.2"))
    #expect(try place("::ffff:10.0.0.1") != place("::ffff:10.0.0.2"))
    #expect(try place("::ffff:10.0.0.1") == place("10.0.0.1"))
  }

  // MARK: In virtual time

  private final class Visitor {
    let loop = EmbeddedEventLoop()
    let core: NodeCore
    let channel: EmbeddedChannel

    init(_ change: (inout LocalNodeConfiguration) -> Void = { _ in }) throws {
      var configuration = LocalNodeConfiguration(name: "own@127.0.0.1", cookie: Cookie("secret"))
      configuration.logger.logLevel = .critical
      change(&configuration)
      core = NodeCore(configuration, timeLoop: loop)
      channel = EmbeddedChannel(loop: loop)
      let ticket = core.enterDoor(channel)
      try channel.pipeline.syncOperations.addHandler(
        PeerHandler(
          node: core, to: nil, ticket: ticket, established: loop.makePromise(of: PeerConnection.self)))
      try channel.connect(to: SocketAddress(ipAddress: "10.0.0.1", port: 1)).wait()
    }

    var waiting: Int { core.withState { $0.door.count } }
    var refused: Int64 { core.withState { $0.statistics.handshakesRefused } }

    func send(_ packet: [UInt8]) throws {
      var buffer = ByteBuffer()
      buffer.writeInteger(UInt16(packet.count))
      buffer.writeBytes(packet)
      try channel.writeInbound(buffer)
    }

    /// The packets that came back.
    func received() throws -> [[UInt8]] {
      var packets: [[UInt8]] = []
      while var buffer = try channel.readOutbound(as: ByteBuffer.self) {
        _ = buffer.readInteger(as: UInt16.self)
        packets.append(Array(buffer.readableBytesView))
      }
      return packets
    }
  }

  private static func name(_ name: String, _ flags: DistributionFlags = .ours) -> [UInt8] {
    var packet = ByteBuffer(bytes: [UInt8(ascii: "N")])
    packet.writeInteger(flags.rawValue)
    packet.writeInteger(UInt32(1))
    packet.writeInteger(UInt16(name.utf8.count))
    packet.writeString(name)
    return Array(packet.readableBytesView)
  }

  @Test("one that says nothing, or drips bytes, is closed after the handshake's time and makes room")
  func silent() throws {
    for drips in [false, true] {
      let visitor = try Visitor { $0.handshakeTimeout = .seconds(7) }
      for _ in 0..<6 {
        visitor.loop.advanceTime(by: .milliseconds(1_100))
        if drips { try visitor.channel.writeInbound(ByteBuffer(bytes: [0])) }
        #expect(visitor.waiting == 1)
        if drips { break }
      }
      visitor.loop.advanceTime(by: .seconds(7))
      #expect(visitor.waiting == 0 && !visitor.channel.isActive && visitor.refused == 1)
    }
  }

  @Test(
    "one that proves that it knows the cookie leaves the door, one that does not is closed and leaves it too")
  func cookie() throws {
    for (cookie, isLetIn) in [("secret", true), ("guess", false)] {
      let visitor = try Visitor()
      try visitor.send(Self.name("other@10.0.0.1"))
      let packets = try visitor.received()
      #expect(packets.count == 2 && packets[0] == Array("sok".utf8) && visitor.waiting == 1)
      // N, flags, challenge
      let challenge = packets[1][9..<13].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      try visitor.send([UInt8(ascii: "r"), 0, 0, 0, 1] + Cookie(cookie).digest(of: challenge))
      #expect(visitor.waiting == 0 && visitor.channel.isActive == isLetIn)
      #expect(visitor.core.withState { $0.peers.keys.sorted() } == (isLetIn ? ["other@10.0.0.1"] : []))
      // The handshake's time is no time of the connection.
      if isLetIn {
        visitor.loop.advanceTime(by: .seconds(10))
        #expect(visitor.channel.isActive)
      }
    }
  }

  @Test("one that is told that it is not let in is closed at once")
  func notAllowed() throws {
    let visitor = try Visitor()
    try visitor.send(Self.name("own@127.0.0.1"))
    #expect(try visitor.received() == [Array("snot_allowed".utf8)])
    #expect(!visitor.channel.isActive && visitor.waiting == 0)
  }

  @Test(
    "a name with characters that nobody can see is refused, and no line of the log is forged with it",
    arguments: [
      "a\nb@host", "a@ho\u{1b}[2Jst", "a\u{202e}b@host", "a\u{0}@host", "a\u{9b}31m@host", "a b@host",
      "a\u{e0041}@host", "a@b@host", "@host", "a@", String(repeating: "a", count: 255) + "@h",
    ])
  func names(_ name: String) throws {
    #expect(NodeName(ByteText(name)) == nil)
    let log = InMemoryLogHandler()
    let visitor = try Visitor { $0.logger = Logger(label: "test") { _ in log } }
    try visitor.send(Self.name(name))
    #expect(!visitor.channel.isActive && visitor.waiting == 0 && visitor.refused == 1)
    #expect(log.entries.count == 1)
    for entry in log.entries {
      let line = "\(entry.message) \(entry.metadata)"
      #expect(!line.contains(name) && line.contains("unknown"), "\(line)")
    }
  }

  @Test(
    "names that people use are names", arguments: ["gateway@127.0.0.1", "größe@häst", "a-b_c@x.y", "x@::1"])
  func goodNames(_ name: String) { #expect(NodeName(ByteText(name))?.description == name) }

  // MARK: With sockets

  @Test("a node gets in though strangers fill the door: the oldest of them gives way")
  func sockets() async throws {
    let pair = try await SwiftPair {
      $0.maxHandshakes = 10
      $0.maxHandshakesPerAddress = 4
      $0.handshakeTimeout = .seconds(60)
    }
    let port = try #require(pair.second.port)
    var strangers: [any Channel] = []
    for number in 1...4 {
      strangers.append(
        try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).connect(
          host: "127.0.0.1", port: port
        ).get())
      // Taken in before the next one comes.
      try await eventually { pair.second.core.withState { $0.door.count } >= number }
    }
    try await pair.first.connect(to: pair.second.name)
    #expect(pair.first.nodes == [pair.second.name])
    // Closed by the other side, not by time.
    try await strangers.removeFirst().closeFuture.get()
    #expect(pair.second.statistics.connectionsRefused == 1)
    #expect(strangers.allSatisfy { $0.isActive })
    // The other side lets the node in a moment after this one.
    try await eventually { pair.second.core.withState { $0.door.count == 3 && $0.waiting.count == 3 } }
    for channel in strangers { try await channel.close() }
    await pair.end()
  }
}
