import GenAPIGateway
import Testing

@testable import GenAPIServer

@Suite("The metrics of a gateway that worked")
struct GatewayMetricsTests {
  @Test("counters, histograms and gauges of a gateway, with bounded labels, ending in EOF")
  func text() async throws {
    let gateway = try Gateway(configuration: GatewayConfiguration(node: "gw"))
    try gateway.register(ServiceEndpoints("s\"x") { Endpoint("t") { 1 } })
    _ = await gateway.execute(Request(service: "s\"x", requestType: "t", requestID: "1", userID: "somebody"))
    let text = MetricsText.make(gateway.currentState(), .openMetrics)
    let labels = #"service="s\"x",request_type="t",version="""#
    #expect(text.contains("genapi_requests_total{\(labels),outcome=\"ok\"} 1\n"))
    #expect(text.contains("genapi_request_duration_seconds_bucket{\(labels),le=\"+Inf\"} 1\n"))
    #expect(text.contains("genapi_request_duration_seconds_count{\(labels)} 1\n"))
    #expect(text.hasSuffix("# EOF\n") && !text.contains("somebody"))
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      let value = line.split(separator: " ").last.flatMap { Double($0) }
      #expect(value != nil, "\(line)")
    }
    // Every family is declared once.
    let families = text.split(separator: "\n").filter { $0.hasPrefix("# TYPE") }.map {
      $0.split(separator: " ")[2]
    }
    #expect(Set(families).count == families.count)
  }
}
