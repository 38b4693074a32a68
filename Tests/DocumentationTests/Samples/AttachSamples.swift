import ErlangNode
import GenAPIAttach
import GenAPIStream
import Testing

@Suite("Samples of the pages: gateways of the Elixir library")
struct AttachSamples {
  @Test("attaching to a gateway that is not there says so")
  func attach() async throws {
    // sample: attaching
    let attached = AttachedTarget(
      try AttachTarget(parsing: "erlang:gateway@127.0.0.1"),
      settings: AttachSettings(cookie: Cookie("the cookie of its cluster")),
      exporter: StreamExporterConfiguration())
    attached.start()
    // end
    let problem = await withCheckedContinuation { continuation in
      let told = AsyncStream<Void>.makeStream()
      attached.onChange { told.continuation.yield() }
      Task {
        for await _ in told.stream {
          guard let problem = attached.problem else { continue }
          return continuation.resume(returning: problem)
        }
      }
    }
    #expect(!problem.isEmpty)
    await attached.stop()
  }
}
