import GenAPIChannels
import GenAPIValue
import NIOCore
import Testing

@testable import GenAPIServer

@Suite("A load generator's frames")
struct LoadFramesTests {
  private func plan(_ vsn: String, _ text: String = "", isTOON: Bool = false) -> LoadPlan {
    var plan = LoadPlan(
      client: PhoenixClientConfiguration(),
      mix: [LoadPlan.Kind(service: "s", requestType: "t\"\u{301}", args: ["a": .string(ByteText(text))])])
    plan.client.vsn = vsn
    if isTOON { plan.client.toon = .v3 }
    return plan
  }

  /// What a server reads of one client frame.
  private func unmasked(_ buffer: ByteBuffer) throws -> [UInt8] {
    let bytes = Array(buffer.readableBytesView)
    #expect(bytes[0] == 0x81)
    var count = Int(bytes[1] & 0x7F)
    var header = 2
    if count == 126 {
      count = Int(bytes[2]) << 8 | Int(bytes[3])
      header = 4
    } else if count == 127 {
      count = bytes[2..<10].reduce(0) { $0 << 8 | Int($1) }
      header = 10
    }
    #expect(bytes[1] & 0x80 != 0 && bytes.count == header + 4 + count)
    let key = bytes[header..<header + 4]
    return bytes[(header + 4)...].enumerated().map { $1 ^ key[header + $0 % 4] }
  }

  @Test(
    "a request goes out with its id in both places, whatever its length",
    arguments: ["2.0.0", "1.0.0", "TOON"], [0, 1, 2, 3, 40, 41, 42, 43, 44, 45, 200, 66_000])
  func requests(form: String, length: Int) throws {
    let isTOON = form == "TOON"
    let vsn = isTOON ? "2.0.0" : form
    let text = String(repeating: "x", count: length)
    let frames = LoadFrames(plan(vsn, text, isTOON: isTOON))
    var random = MaskGenerator()
    for number: UInt64 in [1, 9, 10, 99, 100, 1_234_567_890_123] {
      var buffer = ByteBuffer()
      frames.writeRequest(to: &buffer, idStart: Array("7-".utf8), number: number, using: &random)
      let message = try MessageDecoder(version: SerializerVersion(vsn: ByteText(vsn))!, isTOON: isTOON)
        .decode(text: unmasked(buffer))
      #expect(message.ref == "7-\(number)" && message.event == "phoenix_gen_api")
      // Version 1 has none.
      #expect(message.joinRef == (vsn == "1.0.0" ? nil : "1"))
      guard case .json(let payload) = message.payload else {
        Issue.record("no JSON")
        return
      }
      #expect(payload["request_id"]?.string == "7-\(number)")
      #expect(
        payload["request_type"]?.string == "t\"\u{301}" && payload["args"]?["a"]?.string == ByteText(text))
    }
  }

  @Test("kinds come by their weights")
  func weights() throws {
    var plan = plan("2.0.0")
    plan.mix = [
      LoadPlan.Kind(service: "a", requestType: "t", weight: 3), LoadPlan.Kind(service: "b", requestType: "t"),
    ]
    let frames = LoadFrames(plan)
    var random = MaskGenerator()
    var counts: [ByteText: Int] = [:]
    for number in 0..<4_000 {
      var buffer = ByteBuffer()
      frames.writeRequest(to: &buffer, idStart: [], number: UInt64(number), using: &random)
      let value = try Value(json: String(decoding: unmasked(buffer), as: UTF8.self))
      counts[value.array?[4]["service"]?.string ?? "", default: 0] += 1
    }
    // 3 000 expected, with a deviation of 27.
    #expect((2_800...3_200).contains(counts["a"] ?? 0) && counts.count == 2)
  }

  @Test("a server's frames are read wherever they are cut, and what it may not send is a fault")
  func serverFrames() throws {
    let frames = ServerFrames(maxBytes: 70_000)
    for count in [0, 1, 125, 126, 300, 65_535, 65_536, 70_000] {
      var bytes: [UInt8] = [0x81]
      switch count {
      case ..<126: bytes.append(UInt8(count))
      case ..<65_536: bytes += [126, UInt8(count >> 8), UInt8(count & 0xFF)]
      default: bytes += [127] + (0..<8).map { UInt8(truncatingIfNeeded: count >> (56 - 8 * $0)) }
      }
      bytes += [UInt8](repeating: 7, count: count)
      (bytes + [0x81]).withUnsafeBytes { whole in
        guard case .frame(.text, isLast: true, let payload, let size) = frames.next(whole) else {
          Issue.record("\(count) bytes are no frame")
          return
        }
        #expect(payload.count == count && size == bytes.count)
        for cut in [0, 1, 2, 3, 9, size - 1] where cut < size {
          guard case .incomplete = frames.next(UnsafeRawBufferPointer(rebasing: whole[..<cut])) else {
            Issue.record("\(cut) of \(size) bytes are a frame")
            return
          }
        }
      }
    }
    let faults: [[UInt8]] = [
      [0x81, 0x80, 0, 0, 0, 0], [0x81, 127, 0, 0, 0, 0, 0, 1, 0x11, 0x71],
      [0x81, 127, 255, 255, 255, 255, 255, 255, 255, 255],
    ]
    for bytes in faults {
      bytes.withUnsafeBytes {
        guard case .fault = frames.next($0) else {
          Issue.record("\(bytes) is no fault")
          return
        }
      }
    }
  }
}
