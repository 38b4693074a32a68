import GenAPIGateway
import GenAPIValue

/// The hooks of the gateways: auditing before a write, enriching after a read.
enum DemoHooks {
  static func register(on registry: FunctionRegistry, faults: ServiceFaultLog) {
    registry.registerBeforeHook("Demo.Hooks.audit") { request, config, _ in
      if faults.now.hangingAudit { try await Work.milliseconds(150...200) }
      if request.args["name"] == "admin" { return .abort("reserved name") }
      return .proceed(request, config)
    }
    registry.registerAfterHook("Demo.Hooks.enrich") { _, _, response, _ in
      if faults.now.brokenEnrichment { throw ServiceFault("enrichment cache is empty") }
      var response = response
      if case .object(var result) = response.result {
        result["enriched"] = true
        response.result = .object(result)
      }
      return response
    }
  }
}
