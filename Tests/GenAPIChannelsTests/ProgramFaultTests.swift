import GenAPI
import Testing

@Suite("What a program says when it cannot go on")
struct ProgramFaultTests {
  @Test("an address that is taken is told on one line, with what was to listen there")
  func taken() {
    let stream = StreamExporterError.cannotListen(
      .tcp(host: "127.0.0.1", port: 4_710), reason: "the address is in use")
    #expect(
      programFault(stream, of: "my-gateway")
        == "my-gateway: the telemetry stream: cannot listen on 127.0.0.1:4710: the address is in use")
    let sockets = PhoenixServerError.cannotListen(
      host: "127.0.0.1", port: 4_700, reason: "the address is in use")
    #expect(
      programFault(sockets, of: "my-gateway")
        == "my-gateway: the server for clients: cannot listen on 127.0.0.1:4700: the address is in use")
    #expect(programFault(ConfigStoreError.invalid(["a\nb"]), of: "p").contains("\n") == false)
  }

  @Test("what ends by itself goes on behind it")
  func ends() async {
    var ended = false
    await runProgram { ended = true }
    #expect(ended)
  }
}
