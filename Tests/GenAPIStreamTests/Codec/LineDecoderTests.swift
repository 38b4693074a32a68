import NIOCore
import Testing

@testable import GenAPIStream

@Suite("Cutting bytes into lines")
struct LineDecoderTests {
  @Test("lines are the same however the bytes are cut")
  func cuts() throws {
    let bytes = Array("one\ntwo\r\n\n\r\nthree and a half\nrest".utf8)
    for size in 1...bytes.count {
      var decoder = LineDecoder()
      var buffer = ByteBuffer()
      var lines: [String] = []
      for start in stride(from: 0, to: bytes.count, by: size) {
        buffer.writeBytes(bytes[start..<min(start + size, bytes.count)])
        while let line = try decoder.next(&buffer) { lines.append(String(buffer: line)) }
      }
      #expect(lines == ["one", "two", "", "", "three and a half"])
      #expect(String(buffer: buffer) == "rest")
    }
  }

  @Test("a line of exactly the bound passes, one byte more does not", arguments: ["\n", "\r\n"])
  func bound(end: String) throws {
    var decoder = LineDecoder(maximumBytes: 10)
    var fits = ByteBuffer(string: "0123456789" + end)
    #expect(try decoder.next(&fits).map { String(buffer: $0) } == "0123456789")
    var tooLong = ByteBuffer(string: "0123456789a" + end)
    #expect(throws: FrameError(.tooLong, "a line has more than 10 bytes")) { try decoder.next(&tooLong) }
  }

  @Test("a line that does not end is refused as soon as it is too long")
  func endless() throws {
    var decoder = LineDecoder(maximumBytes: 10)
    var buffer = ByteBuffer(string: "01234567890")
    #expect(try decoder.next(&buffer) == nil)
    buffer.writeString("1")
    #expect(throws: FrameError.self) { try decoder.next(&buffer) }
  }
}
