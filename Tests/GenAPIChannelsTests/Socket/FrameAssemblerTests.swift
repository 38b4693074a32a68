import NIOCore
import NIOWebSocket
import Testing

@testable import GenAPIChannels

@Suite("Frames become messages")
struct FrameAssemblerTests {
  private func frame(
    _ opcode: WebSocketOpcode, _ plain: [UInt8], fin: Bool = true, key: [UInt8]? = [0x37, 0xFA, 0x21, 0x3D],
    skipping: Int = 0
  ) -> WebSocketFrame {
    var data = ByteBuffer(repeating: 0xEE, count: skipping)
    data.moveReaderIndex(forwardBy: skipping)
    for (index, byte) in plain.enumerated() { data.writeInteger(byte ^ (key?[index % 4] ?? 0)) }
    return WebSocketFrame(
      fin: fin, opcode: opcode, maskKey: key.flatMap { WebSocketMaskingKey($0) }, data: data)
  }

  private func bytes(_ message: FrameAssembler.Message) -> [UInt8]? {
    switch message {
    case .text(let content), .binary(let content): content.withBytes { Array($0) }
    default: nil
    }
  }

  @Test(
    "a message of one frame is unmasked, whatever its length and where in memory it lies",
    arguments: [0...40, 1_020...1_030, 70_000...70_001])
  func unmasked(_ lengths: ClosedRange<Int>) throws {
    var random = SystemRandomNumberGenerator()
    for length in lengths {
      for skipping in 0..<8 {
        let plain = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
        let key = (0..<4).map { _ in UInt8.random(in: 0...255, using: &random) }
        var assembler = FrameAssembler(maxBytes: 100_000)
        #expect(bytes(try assembler.take(frame(.binary, plain, key: key, skipping: skipping))) == plain)
      }
    }
  }

  @Test("a message in parts is put together, control frames between them")
  func parts() throws {
    var assembler = FrameAssembler(maxBytes: 100)
    #expect(bytes(try assembler.take(frame(.text, Array("[null,".utf8), fin: false))) == nil)
    guard case .ping(let ping) = try assembler.take(frame(.ping, [1, 2, 3])) else {
      Issue.record("no ping")
      return
    }
    #expect(Array(ping.readableBytesView) == [1, 2, 3])
    #expect(bytes(try assembler.take(frame(.continuation, Array("\"1\"".utf8), fin: false))) == nil)
    let last = try assembler.take(frame(.continuation, Array("]".utf8)))
    guard case .text = last else {
      Issue.record("no text")
      return
    }
    #expect(bytes(last) == Array("[null,\"1\"]".utf8))
    #expect(bytes(try assembler.take(frame(.text, Array("{}".utf8)))) == Array("{}".utf8))
  }

  @Test("what RFC 6455 forbids ends the socket with its code")
  func faults() throws {
    func fault(_ frames: [WebSocketFrame]) -> UInt16? {
      var assembler = FrameAssembler(maxBytes: 10)
      do {
        for frame in frames { _ = try assembler.take(frame) }
        return nil
      } catch {
        return error.code
      }
    }
    #expect(fault([frame(.text, [], key: nil)]) == 1_002)
    #expect(fault([frame(.continuation, [])]) == 1_002)
    #expect(fault([frame(.text, [], fin: false), frame(.text, [])]) == 1_002)
    #expect(
      fault([frame(.binary, [1, 2, 3, 4, 5, 6], fin: false), frame(.continuation, [1, 2, 3, 4, 5])]) == 1_009)
    #expect(fault([frame(WebSocketOpcode(encodedWebSocketOpcode: 0xB)!, [])]) == 1_002)
    #expect(fault([frame(.text, [1, 2, 3]), frame(.pong, [])]) == nil)
  }
}
