import NIOCore
import Testing

@testable import GenAPIStream

@Suite("The door of the exporter")
struct ExporterDoorTests {
  private static func address(_ text: String) throws -> ClientAddress {
    ClientAddress(try SocketAddress(ipAddress: text, port: 1))
  }

  private static func door(most: Int = 16, ofAddress: Int = 4) -> ExporterDoor {
    ExporterDoor(rules: ExporterDoor.Rules(most: most, mostOfAddress: ofAddress, guessMs: 1_000))
  }

  @Test("an operator gets a place however many strangers wait, from however many addresses")
  func operatorComesIn() throws {
    for addresses in [1, 3, 16, 200] {
      var door = Self.door()
      for id in 0..<500 {
        _ = door.arrived(id, from: try Self.address("10.0.0.\(id % addresses)"), at: Int64(id))
        #expect(door.count <= 16)
      }
      let answer = door.arrived(1_000, from: try Self.address("192.168.0.1"), at: 500)
      switch answer {
      case .comeIn, .insteadOf: break
      case .tooManyGuesses: Issue.record("the operator was kept out by strangers of \(addresses) addresses")
      }
      // He shows his token before the next stranger comes, and is not in anybody's way.
      door.left(1_000)
      #expect(door.count <= 16)
    }
  }

  @Test("of one address the oldest gives way, not somebody else's")
  func ownOldest() throws {
    var door = Self.door()
    let greedy = try Self.address("10.0.0.1")
    #expect(door.arrived(0, from: try Self.address("10.0.0.2"), at: 0) == .comeIn)
    for id in 1...4 { #expect(door.arrived(id, from: greedy, at: 0) == .comeIn) }
    #expect(door.arrived(5, from: greedy, at: 0) == .insteadOf(1))
    #expect(door.arrived(6, from: greedy, at: 0) == .insteadOf(2))
    #expect(door.count == 5)
  }

  @Test("when all places are taken, the address that holds most loses its oldest")
  func greediest() throws {
    var door = Self.door(most: 4)
    _ = door.arrived(1, from: try Self.address("10.0.0.1"), at: 0)
    _ = door.arrived(2, from: try Self.address("10.0.0.2"), at: 0)
    _ = door.arrived(3, from: try Self.address("10.0.0.2"), at: 0)
    _ = door.arrived(4, from: try Self.address("10.0.0.3"), at: 0)
    #expect(door.arrived(5, from: try Self.address("10.0.0.4"), at: 0) == .insteadOf(2))
  }

  @Test("an address has four guesses a second, though it hangs up after each")
  func guesses() throws {
    var door = Self.door()
    let guesser = try Self.address("10.0.0.1")
    var guesses = 0
    for millisecond in 0..<10_000 {
      let id = millisecond
      guard door.arrived(id, from: guesser, at: Int64(millisecond)) == .comeIn else { continue }
      door.guessed(id, from: guesser, at: Int64(millisecond))
      door.left(id)
      guesses += 1
    }
    #expect(guesses == 40)
    #expect(door.arrived(10_001, from: try Self.address("10.0.0.2"), at: 9_999) == .comeIn)
  }

  @Test("who guessed too often is told when to come again")
  func again() throws {
    var door = Self.door(ofAddress: 1)
    let guesser = try Self.address("10.0.0.1")
    #expect(door.arrived(1, from: guesser, at: 100) == .comeIn)
    door.guessed(1, from: guesser, at: 100)
    #expect(door.arrived(2, from: guesser, at: 400) == .tooManyGuesses(againInMs: 700))
    #expect(door.arrived(3, from: guesser, at: 1_100) == .comeIn)
  }

  @Test("what is remembered of guesses is bounded")
  func memory() throws {
    var door = Self.door()
    for id in 0..<10_000 {
      let address = try Self.address("10.0.\(id / 256).\(id % 256)")
      _ = door.arrived(id, from: address, at: 0)
      door.guessed(id, from: address, at: 0)
    }
    #expect(door.guessers == 4_096)
  }

  @Test("an IPv6 network of 64 bits is one address, an IPv4 address in IPv6 clothes is itself")
  func addresses() throws {
    #expect(try Self.address("2001:db8:1:2:3::4") == Self.address("2001:db8:1:2:ffff::1"))
    #expect(try Self.address("2001:db8:1:2::1") != Self.address("2001:db8:1:3::1"))
    #expect(try Self.address("::ffff:10.0.0.1") == Self.address("10.0.0.1"))
    #expect(try Self.address("::ffff:10.0.0.1") != Self.address("::ffff:10.0.0.2"))
    #expect(ClientAddress(nil) == ClientAddress(try SocketAddress(unixDomainSocketPath: "/tmp/x")))
  }
}
