import ErlangNode
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

  @Test(
    "a certificate that is not trusted has expired, is not good yet, or is signed by another: one of them")
  func untrusted() {
    let reason = EncryptionProblem.untrusted.words(about: "the node")
    #expect(ConnectAdvice.isUntrusted(reason) && !ConnectAdvice.isUntrusted("the connection was refused"))
    func text(_ validity: ClosedRange<Int64>) -> String {
      ConnectAdvice.text(reason, usesTLS: true, validity: validity, now: 1_000_000)
    }
    #expect(text(0...999_000) == "its certificate has expired 16 minutes ago")
    #expect(text(0...100_000) == "its certificate has expired 10 days ago")
    #expect(text(1_090_000...2_000_000).hasPrefix("its certificate is not good before 1 day from now"))
    #expect(text(0...2_000_000) == "its certificate is not signed by what --tls-ca names")
  }

  @Test(
    "a connection that closed asks for the cookie once it was told, and for TLS or the certificate before")
  func closed() {
    let closed = DistributionHandshakeError.closed.description
    #expect(ConnectAdvice.text(closed, usesTLS: false).contains("without TLS?"))
    let early = ConnectAdvice.text(closed, usesTLS: true)
    #expect(early.contains("--tls-certificate") && !early.contains("cookie"), "\(early)")
    for usesTLS in [true, false] {
      let text = ConnectAdvice.text(
        DistributionHandshakeError.closedAtCookie("gw@host").description, usesTLS: usesTLS)
      #expect(text.contains("is that the cookie of its cluster?") && !text.contains("--tls"), "\(text)")
    }
    #expect(ConnectAdvice.isClosed(closed) && !ConnectAdvice.isClosed("no answer within 7 s"))
  }

  @Test("when all names are in use that is said, and when the node lets in others only that is")
  func names() {
    let inUse = AttachError.refusal([String](repeating: "alive", count: 16), lastName: "genapi_top_16@h")
    #expect(
      inUse.description.contains("all 16 names of genapi-top are in use")
        && !inUse.description.contains("cookie"))
    let others = AttachError.refusal(
      [String](repeating: "not_allowed", count: 16), lastName: "genapi_top_16@h")
    #expect(others.description.contains("genapi_top_16@h") && others.description.contains("net_kernel:allow"))
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
