import ErlangNode
import Foundation
import GenAPITLS
import Testing

@Suite("Samples of the articles on nodes, terms and calls")
struct NodeSamples {
  /// Two nodes that need no epmd: one knows the other's port.
  private func pair() async throws -> (LocalNode, LocalNode) {
    var first = LocalNodeConfiguration(name: "service@127.0.0.1", cookie: Cookie("secret"))
    first.epmd = nil
    first.logger.logLevel = .critical
    let service = try LocalNode(first)
    try await service.start()
    var second = LocalNodeConfiguration(name: "swift@127.0.0.1", cookie: Cookie("secret"))
    second.epmd = nil
    second.fixedPorts = [service.name: try #require(service.port)]
    second.logger.logLevel = .critical
    let node = try LocalNode(second)
    try await node.start()
    return (service, node)
  }

  @Test("a node that is called and calls")
  func calls() async throws {
    let (service, node) = try await pair()
    // sample: serving
    service.register("Elixir.Greeter", "hello") { arguments in
      guard let name = arguments.first?.text else { throw ErlangFailure.raised(.atom("badarg")) }
      return .text("hello \(name)")
    }
    // end
    // sample: calling
    let answer = try await node.call(service.name, "Elixir.Greeter", "hello", [.text("Ann")])
    print(answer.text ?? "no text")  // hello Ann
    // end
    #expect(answer == .text("hello Ann"))
    // sample: failures
    do throws(CallError) {
      _ = try await node.call(service.name, "Elixir.Greeter", "hello", [], timeout: .seconds(1))
    } catch {
      switch error {
      case .raised(let reason, _): print("it failed there: \(reason.erlangText)")
      case .unreachable(let why): print("it did not run: \(why)")
      case .connectionLost: print("it may have run")
      default: print("\(error)")
      }
    }
    // end
    let failure = await #expect(throws: CallError.self) {
      try await node.call(service.name, "Elixir.Greeter", "hello", [])
    }
    guard case .raised(let reason, _)? = failure else { throw try #require(failure) }
    #expect(reason == .atom("badarg"))
    await node.stop()
    await service.stop()
  }

  @Test("processes with names, and nodes that come and go")
  func processes() async throws {
    let (service, node) = try await pair()
    // sample: servers
    service.registerServer("counter") { request in
      guard case .tuple(let parts) = request, parts.first == .atom("add"),
        let sum = parts.last?.integerValue, sum < .max
      else { return .atom("unknown") }
      return .integer(sum + 1)
    }
    let count = try await node.callServer("counter", on: service.name, .tuple([.atom("add"), .integer(41)]))
    // end
    #expect(count == .integer(42))
    // A number that a stranger chose ends no node.
    for number in [Int64.max, .min] {
      let most = Term.tuple([.atom("add"), .integer(number)])
      let answer = try await node.callServer("counter", on: service.name, most)
      #expect(answer == (number == .max ? .atom("unknown") : .integer(.min + 1)))
    }
    // sample: mailboxes
    let mailbox = try service.makeMailbox(named: "log")
    try await node.send(.text("something happened"), toProcess: "log", on: service.name)
    if case .message(let term)? = await mailbox.receive() { print(term.text ?? "") }
    // end
    // sample: monitors
    let watcher = try node.makeMailbox()
    let reference = try await node.monitor(.name("log"), on: service.name, for: watcher)
    mailbox.end()
    if case .down(reference, let reason)? = await watcher.receive() {
      print("the log ended: \(reason.erlangText)")
    }
    // end
    // sample: watching
    node.watchNodes { event in
      switch event {
      case .up(let name): print("\(name) is here")
      case .down(let name, let reason): print("\(name) is gone: \(reason)")
      }
    }
    let isThere = await node.ping(service.name)
    // end
    #expect(isThere)
    await node.stop()
    await service.stop()
  }

  @Test("terms")
  func terms() throws {
    // sample: terms
    let term = Term.map(
      TermMap([
        (key: .atom("id"), value: .text("u_1")),
        (key: .atom("tags"), value: .list([.atom("new"), .integer(7)])),
      ]))
    let bytes = TermEncoder().encode(term)
    let back = try TermDecoder().decode(bytes)
    print(back.map?[atom: "id"]?.text ?? "", back.erlangText)
    // end
    #expect(back == term)
    // sample: foreign bytes
    var decoder = TermDecoder()
    decoder.maxDepth = 64
    do {
      _ = try decoder.decode([131, 104, 2, 97])
    } catch {
      print("\(error)")  // What is wrong, and at which byte.
    }
    // end
  }

  @Test("cookies and TLS")
  func encrypted() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("cookie-\(getpid())").path
    try Data("a secret".utf8).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    // sample: cookies
    var configuration = LocalNodeConfiguration(name: "swift@10.0.0.7", cookie: try Cookie.file(path))
    configuration.isHidden = false
    configuration.listenPort = 4_711
    // end
    #expect("\(configuration.cookie)" == "(cookie)")
    #expect(throws: (any Error).self) {
      // sample: tls
      configuration.tls = try TLS.server(
        certificate: "/etc/my_app/cert.pem", key: "/etc/my_app/key.pem", authority: "/etc/my_app/ca.pem")
      // end
    }
  }
}
