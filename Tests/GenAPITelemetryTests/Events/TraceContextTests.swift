import GenAPITelemetry
import GenAPIValue
import Testing

@Suite("Trace context (W3C)")
struct TraceContextTests {
  private static let good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

  @Test("a traceparent is read, and written as it was")
  func good() throws {
    let trace = try #require(
      TraceContext(parent: ByteText(Self.good), state: "congo=t61rcWkgMzE,rojo=00f067aa0ba902b7"))
    #expect(trace.traceID == "4bf92f3577b34da6a3ce929d0e0e4736" && trace.parentSpanID == "00f067aa0ba902b7")
    #expect(trace.isSampled && trace.parent == ByteText(Self.good))
    #expect(trace.state == "congo=t61rcWkgMzE,rojo=00f067aa0ba902b7")
  }

  @Test("flags that are not known are not handed on; a later version is handed on as this one")
  func later() throws {
    let stem = "4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7"
    #expect(TraceContext(parent: "00-\(ByteText(stem))-ff")?.parent == "00-\(ByteText(stem))-03")
    #expect(TraceContext(parent: "00-\(ByteText(stem))-00")?.isSampled == false)
    #expect(TraceContext(parent: "cc-\(ByteText(stem))-01")?.parent == "00-\(ByteText(stem))-01")
    #expect(
      TraceContext(parent: "cc-\(ByteText(stem))-01-what-the-future-says")?.parent
        == "00-\(ByteText(stem))-01")
  }

  @Test(
    "what is malformed is none",
    arguments: [
      "", "00", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
      "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1",
      "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
      "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-",
      "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-010",
      "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01x",
      "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
      "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
      "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
      "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
      "00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01",
      "00_4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7_01",
      " 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
      "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0\u{301}",
      "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-" + String(repeating: "x", count: 1_000),
    ])
  func malformed(_ parent: String) { #expect(TraceContext(parent: ByteText(parent)) == nil) }

  @Test("a tracestate that is too long or no printable ASCII is left out, and the trace stays")
  func state() {
    for state in [String(repeating: "x", count: 513), "a=\u{e9}", "a=\n", ""] {
      let trace = TraceContext(parent: ByteText(Self.good), state: ByteText(state))
      #expect(trace != nil && trace?.state == nil)
    }
    #expect(
      TraceContext(parent: ByteText(Self.good), state: ByteText(String(repeating: "x", count: 512)))?.state
        != nil)
  }
}
