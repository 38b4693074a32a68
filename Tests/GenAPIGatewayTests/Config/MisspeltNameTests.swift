import GenAPITesting
import GenAPIValue
import Testing

@testable import GenAPIGateway

@Suite("Names that are misspelt, or that nobody could write")
struct MisspeltNameTests {
  @Test("deleting what is not there says what there is, as enabling and disabling do")
  func deleting() throws {
    let gateway = try GatewayFixture().gateway
    try gateway.register(Endpoint("list") { 1 }, service: "users")
    for (service, type) in [("user", "list"), ("users", "lst"), ("list", "users")] as [(ByteText, ByteText)] {
      func words(_ body: () throws(ConfigStoreError) -> Void) -> String {
        do throws(ConfigStoreError) {
          try body()
          return "none"
        } catch { return "\(error)" }
      }
      let deleted = words { () throws(ConfigStoreError) in try gateway.configs.delete(service, type) }
      let disabled = words { () throws(ConfigStoreError) in try gateway.configs.disable(service, type) }
      #expect(deleted == disabled && deleted != "none")
    }
    // What was switched off and is away can be forgotten.
    try gateway.configs.disable("users", "list")
    try gateway.register(ServiceEndpoints("users") { Endpoint("list") { 1 } })
    try gateway.register(ServiceEndpoints("users") {})
    #expect(try !gateway.configs.delete("users", "list"))
    #expect(throws: ConfigStoreError.self) { try gateway.configs.delete("users", "list") }
  }

  @Test("the latest of a function without a version is that one")
  func latest() throws {
    let gateway = try GatewayFixture().gateway
    try gateway.register(Endpoint("list") { 1 }, service: "users")
    #expect(try gateway.configs.getLatest("users", "list").version == nil)
    try gateway.configs.disable("users", "list")
    #expect(throws: ConfigStoreError.disabled) { try gateway.configs.getLatest("users", "list") }
  }

  @Test(
    "a service or request type that nobody could write in a line is refused",
    arguments: ["a/b", "a\nb", " x", "x ", ""])
  func unwritable(_ name: String) throws {
    let gateway = try GatewayFixture().gateway
    let name = ByteText(name)
    #expect(throws: ConfigStoreError.self) { try gateway.register(Endpoint("e") { 1 }, service: name) }
    #expect(throws: ConfigStoreError.self) { try gateway.register(Endpoint(name) { 1 }, service: "s") }
    #expect(throws: ConfigStoreError.self) {
      try gateway.register(ServiceEndpoints(name) { Endpoint("e") { 1 } })
    }
    #expect(gateway.configs.count == 0)
  }

  @Test("errors that print names print them in a line")
  func escaped() throws {
    let gateway = try GatewayFixture().gateway
    try gateway.register(Endpoint("list") { 1 }, service: "users")
    for (service, type, version) in [
      ("a\nb", "list", nil), ("users", "a\u{1B}[31mb", nil), ("users", "list", "1\n2"),
    ] as [(ByteText, ByteText, ByteText?)] {
      do throws(ConfigStoreError) {
        try gateway.configs.disable(service, type, version: version)
        Issue.record("it was there")
      } catch {
        #expect("\(error)".unicodeScalars.allSatisfy { $0.value >= 0x20 })
      }
    }
  }
}
