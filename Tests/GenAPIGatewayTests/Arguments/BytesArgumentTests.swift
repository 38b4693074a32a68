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
    // The bound is of the text, as of a client's.
    let long = await gateway.response("svc", "size", ["data": .bytes([1, 2, 3, 4, 5, 6, 7])])
    #expect(long.error == "Invalid argument: argument \"data\" is longer than 8 bytes")
  }
}
