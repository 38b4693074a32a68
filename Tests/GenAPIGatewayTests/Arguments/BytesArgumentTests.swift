import Foundation
import GenAPITesting
import GenAPIValue
import Testing

@testable import GenAPIGateway

@Suite("Bytes among arguments")
struct BytesArgumentTests {
  private struct Upload: Codable, Equatable {
    var data: Data
    var parts: [Data]?
    var more: Inner?

    struct Inner: Codable, Equatable { var data: Data }
  }

  @Test("what the encoder makes of Data is taken as the Base64 text that clients send")
  func encoded() async throws {
    let gateway = try Gateway(configuration: GatewayConfiguration(node: "test"))
    try gateway.register(
      ServiceEndpoints("svc") {
        try Endpoint("echo", taking: Upload.self) { $0 }
        Endpoint("size", Argument("data", Data.self, maxBytes: 8)) { $0.count }
        Endpoint("text", Argument("text", String.self)) { $0 }
      })
    let data = Data([0, 1, 255])
    let upload = Upload(data: data, parts: [data, Data()], more: Upload.Inner(data: data))
    let arguments = try #require(try ValueEncoder().encode(upload).object)
    #expect(try await gateway.call("svc", "echo", arguments, as: Upload.self) == upload)
    #expect(try await gateway.call("svc", "size", ["data": .bytes([1, 2, 3])], as: Int.self) == 3)
    #expect(try await gateway.call("svc", "text", ["text": .bytes([1, 2, 3])], as: String.self) == "AQID")
    let long = await gateway.response("svc", "size", ["data": .bytes([1, 2, 3, 4, 5, 6, 7, 8, 9])])
    #expect(long.error == "Invalid argument: argument \"data\" must be at most 8 bytes, as Base64")
  }

  @Test("bounds of Data count its bytes and not those of its Base64 text, of lists too")
  func bounds() async throws {
    let gateway = try GatewayFixture().gateway
    try gateway.register(
      ServiceEndpoints("s") {
        for most in 1...7 {
          Endpoint("one\(most)", Argument("x", Data.self, maxBytes: most)) { x in x.count }
          Endpoint("maybe\(most)", Argument("x", Data?.self, maxBytes: most)) { x in x?.count ?? 0 }
          Endpoint("list\(most)", Argument("x", [Data].self, maxItemBytes: most)) { x in x[0].count }
        }
      })
    for most in 1...7 {
      for count in 1...9 {
        for (type, value) in [
          ("one", Value.bytes([UInt8](repeating: 7, count: count))),
          ("maybe", .string(ByteText(Data(repeating: 7, count: count).base64EncodedString()))),
          ("list", [.bytes([UInt8](repeating: 7, count: count))]),
        ] {
          let response = await gateway.response("s", "\(type)\(most)", ["x": value])
          #expect(response.success == (count <= most), "\(count) of \(most): \(response)")
          // By the text's own bound as by that of what it stands for.
          let what = type == "list" ? "item 0 of argument" : "argument"
          #expect(
            response.success
              || response.error == "Invalid argument: \(what) \"x\" must be at most \(most) bytes, as Base64",
            "\(count) of \(most): \(response)")
        }
      }
    }
    #expect(
      gateway.faults(of: Endpoint("f", Argument("x", Data.self, maxBytes: 0)) { x in x.count }).count == 1)
  }
}
