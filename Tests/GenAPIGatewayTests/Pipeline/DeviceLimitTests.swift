import GenAPIValue
import Testing

@testable import GenAPIGateway

@Suite("What a client says of itself is no limit's key")
struct DeviceLimitTests {
  /// How many of these requests are let through by a limit of one for each value of this key.
  private func passed(_ key: RequestKey, devices: [Value], token: ByteText? = nil) async throws -> Int {
    let fixture = try GatewayFixture {
      $0.rateLimiter.globalLimits = [.global(key: key, maxRequests: 1, window: .seconds(60))]
    }
    try fixture.add()
    let client = ClientIdentity(userID: "u1", deviceID: token)
    let connection = fixture.connect(client)
    for (index, device) in devices.enumerated() {
      let payload: Value = [
        "service": "test", "request_type": "echo", "request_id": .string("r\(index)"), "device_id": device,
      ]
      _ = await fixture.gateway.handle(payload, from: client, on: connection)
    }
    return connection.responses.count(where: \.success)
  }

  @Test("a limit on device_id counts the device of the token, whatever the requests claim")
  func verified() async throws {
    #expect(try await passed("device_id", devices: ["a", "b", "c"], token: "d") == 1)
  }

  @Test("a claimed device is not counted, so nobody uses up another's share")
  func claimed() async throws {
    #expect(try await passed("device_id", devices: ["a", "a", 7, 7]) == 4)
  }

  @Test("a config can ask for the claimed one by its own name")
  func askedFor() async throws {
    #expect(try await passed("claimed_device_id", devices: ["a", "a", "b", 7, 7]) == 3)
  }
}
