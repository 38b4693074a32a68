import Listening
import NIOCore
import NIOPosix
import Testing

@Suite("What a connection or a listener failed for")
struct ProblemWordsTests {
  @Test("is in words for a host that is not known, wherever it was looked up")
  func unknownHost() async {
    let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
    do {
      try await bootstrap.bind(host: "no.such.host.invalid", port: 0).get().close()
      Issue.record("a host that does not exist was listened on")
    } catch {
      #expect(ListenProblem.describe(error) == "the host no.such.host.invalid is not known")
      #expect(ConnectionProblem.describe(error) == "the host no.such.host.invalid is not known")
    }
  }

  @Test("is in words for a path that is too long, and for what is no address")
  func addresses() {
    let errors: [any Error] = [
      SocketAddressError.unixDomainSocketPathTooLong, SocketAddressError.unsupported,
      SocketAddressError.failedToParseIPString("x"),
      SocketAddressError.FailedToParseIPByteBuffer(address: ByteBuffer()),
    ]
    for error in errors {
      let told = [ListenProblem.describe(error), ConnectionProblem.describe(error)]
      #expect(told[0] == told[1] && told[0].contains(" "))
      #expect(!told[0].contains("SocketAddress") && !told[0].contains("("), "\(told)")
    }
  }

  @Test("is a refusal only where nobody listens on a port of a machine that is there")
  func refusals() {
    #expect(ConnectionProblem.isRefusal(IOError(errnoCode: 111, reason: "connect")))
    #expect(!ConnectionProblem.isRefusal(IOError(errnoCode: 110, reason: "connect")))
    #expect(!ConnectionProblem.isRefusal(ChannelError.connectTimeout(.seconds(5))))
  }
}
