import Listening
import Testing

@testable import GenAPIAttach

@Suite("What to do about a node that could not be connected to")
struct ConnectAdviceTests {
  @Test(
    "every fault of TLS says what to do, and nothing of a library's own text",
    arguments: EncryptionProblem.allCases)
  func encryption(problem: EncryptionProblem) {
    let text = ConnectAdvice.text(problem.words(about: "the node"), usesTLS: true)
    #expect(text.contains("--tls-"), "\(text)")
  }

  @Test("a connection that closed asks for the cookie, and with TLS for the certificate")
  func closed() {
    let closed = "the connection closed during the handshake"
    #expect(ConnectAdvice.text(closed, usesTLS: false).contains("without TLS?"))
    let text = ConnectAdvice.text(closed, usesTLS: true)
    #expect(text.contains("cookie") && text.contains("--tls-certificate"), "\(text)")
  }

  @Test("a node that says nothing to TLS may not speak it; without TLS nothing is made of that")
  func silent() {
    let silent = "no answer within 7 s"
    #expect(ConnectAdvice.text(silent, usesTLS: true).contains("does it speak TLS?"))
    #expect(ConnectAdvice.text(silent, usesTLS: false) == silent)
  }

  @Test("what is no such fault stays as it is")
  func others() {
    #expect(
      ConnectAdvice.text("no node a is registered on b", usesTLS: true) == "no node a is registered on b")
  }
}
