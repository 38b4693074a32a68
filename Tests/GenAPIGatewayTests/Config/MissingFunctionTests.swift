import GenAPITesting
import GenAPIValue
import Testing

@testable import GenAPIGateway

@Suite("What is told of names that are not there")
struct MissingFunctionTests {
  private func gateway() throws -> Gateway {
    let gateway = try GatewayFixture().gateway
    try gateway.register(
      ServiceEndpoints("user_service") {
        Endpoint("get_user", Argument("user_id", String.self)) { id in id }.version("1.0.0")
        Endpoint("rename", Argument("user_id", String.self), Argument("name", String.self)) { _, name in name
        }
      })
    try gateway.register(
      Endpoint("get_user", Argument("user_id", String.self)) { id in id }.version("1.2.0"),
      service: "user_service")
    return gateway
  }

  @Test("an unknown service, function or version is named with what there is, and swapped names as swapped")
  func lookups() throws {
    let configs = try gateway().configs
    func text(_ body: () throws -> Void) -> String? {
      do {
        try body()
        return nil
      } catch { return "\(error)" }
    }
    #expect(
      text { _ = try configs.get("user_service", "get_user", version: "9.0.0") }
        == "there is no user_service/get_user in the version 9.0.0; there are 1.2.0, 1.0.0")
    #expect(
      text { _ = try configs.get("user_service", "get_user") }
        == "there is no user_service/get_user without a version; there are 1.2.0, 1.0.0")
    #expect(
      text { try configs.disable("user_service", "rename", version: "1.0.0") }
        == "there is no user_service/rename in the version 1.0.0; there is one without a version")
    #expect(
      text { _ = try configs.getFast("user_service", "get_usr") }
        == "the service user_service has no function get_usr; it has get_user, rename")
    #expect(
      text { try configs.enable("users", "get_user") } == "there is no service users; there is user_service")
    #expect(
      text { _ = try configs.getLatest("get_user", "user_service") }
        == "there is no service get_user, but user_service has a function of that name: the service comes first"
    )
  }

  @Test(
    "what a registration names and is not there is told with the endpoint, what was written, and what is known"
  )
  func registrations() throws {
    let gateway = try gateway()
    gateway.functions.registerBeforeHook("Hooks.audit") { request, config, _ in .proceed(request, config) }
    gateway.functions.registerPermission("Rules.owner") { _, _ in true }
    func faults(_ endpoint: Endpoint) -> [ByteText] { gateway.faults(of: endpoint) }
    let endpoint = Endpoint("find", Argument("id", String.self), Argument("full", Bool.self)) { id, _ in id }
    #expect(
      faults(endpoint.permission(.argument("user_id"))) == [
        "svc/find: permission names the argument \"user_id\", which the function does not take; it takes [\"full\", \"id\"]"
      ])
    #expect(
      faults(Endpoint("none") { 1 }.permission(.argument("user_id"))) == [
        "svc/none: permission names the argument \"user_id\", which the function does not take; it takes none"
      ])
    #expect(
      faults(endpoint.setting { $0.beforeExecute = FunctionReference("Hook", "audit") }) == [
        "svc/find: beforeExecute Hook.audit is not registered; registered for beforeExecute: Hooks.audit"
      ])
    #expect(
      faults(endpoint.setting { $0.permissionCallback = FunctionReference("Rules", "ownr") }) == [
        "svc/find: permissionCallback Rules.ownr is not registered; registered for permissionCallback: Rules.owner"
      ])
    #expect(
      faults(endpoint.setting { $0.afterExecute = FunctionReference("Hooks", "audit") }) == [
        "svc/find: afterExecute Hooks.audit is not registered; nothing is registered for afterExecute"
      ])
    #expect(
      faults(endpoint.version("0.0.0")) == [
        "svc/find 0.0.0: version must be a non-empty string other than \"0.0.0\", or left out; it is \"0.0.0\""
      ])
  }
}
