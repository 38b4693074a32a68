import ErlangNode
import GenAPIGateway
import GenAPIValue

/// What Elixir services call on a gateway: `PhoenixGenApi.ConfigReceiver.push/2` and its like, unchanged.
public struct ConfigService: Sendable {
  let gateway: Gateway
  /// Where pushes are read and taken: as large as their node likes, they hold up nobody who asks for something else.
  let threads: WorkThreads

  /// Makes the service that takes pushes for a gateway.
  public init(gateway: Gateway) { self.init(gateway: gateway, threads: .configs) }

  init(gateway: Gateway, threads: WorkThreads) {
    self.gateway = gateway
    self.threads = threads
  }

  /// Makes the functions callable by other nodes, and what an operator calls from the console of one of them.
  public func serve(on node: LocalNode) {
    let (gateway, threads) = (gateway, threads)
    Console(gateway: gateway).serve(on: node)
    for (module, push, verify) in [
      ("Elixir.PhoenixGenApi.ConfigReceiver", "push", "verify"),
      ("Elixir.PhoenixGenApi", "push_config", "verify_config"),
    ] {
      node.registerInTurn(ByteText(module), ByteText(push)) { arguments, _ in
        guard (1...2).contains(arguments.count) else { throw ErlangFailure.raised(.atom("undef")) }
        return await withTaskExecutorPreference(threads) {
          Self.push(arguments.first, isForced: Self.isForced(arguments.dropFirst().first), gateway)
        }
      }
      node.register(ByteText(module), ByteText(verify)) { arguments in
        guard arguments.count == 2, let service = TermValue.text(arguments[0]),
          let version = TermValue.text(arguments[1])
        else { return .tuple([.atom("error"), .atom("invalid_arguments")]) }
        switch gateway.receiver.verify(service: service, version: version) {
        case .matched: return .tuple([.atom("ok"), .atom("matched")])
        case .mismatch(let stored): return .tuple([.atom("ok"), .atom("mismatch"), .text(stored)])
        case .notFound: return .tuple([.atom("error"), .atom("not_found")])
        }
      }
    }
    let module = "Elixir.PhoenixGenApi.ConfigReceiver"
    node.register(ByteText(module), "delete_pushed_service") { arguments in
      guard (1...2).contains(arguments.count) else { throw ErlangFailure.raised(.atom("undef")) }
      guard let service = TermValue.text(arguments.first) else {
        return .tuple([.atom("error"), .atom("invalid_arguments")])
      }
      do throws(PushError) {
        try gateway.receiver.forget(service, token: Self.token(arguments.dropFirst().first))
        return .atom("ok")
      } catch {
        return .tuple([.atom("error"), .atom("invalid_push_token")])
      }
    }
  }

  /// `"token"`, `[push_token: "token"]` or `%{push_token: "token"}`.
  private static func token(_ option: Term?) -> ByteText? {
    if let map = option?.map { return TermValue.text(map[atom: "push_token"]) }
    if let options = option?.listElements {
      let pair = options.lazy.compactMap(\.tupleElements).first {
        $0.count == 2 && $0[0] == .atom("push_token")
      }
      return TermValue.text(pair?[1])
    }
    return TermValue.text(option)
  }

  /// `true`, or `[force: true]`.
  private static func isForced(_ option: Term?) -> Bool {
    option == .atom("true")
      || option?.listElements?.contains(.tuple([.atom("force"), .atom("true")])) == true
  }

  private static func push(_ term: Term?, isForced: Bool, _ gateway: Gateway) -> Term {
    func refused(_ reason: ByteText, _ answer: Term) -> Term {
      gateway.receiver.tellRefused(TermValue.text(term?.map?[atom: "service"]), reason)
      return .tuple([.atom("error"), answer])
    }
    func failed(_ kind: ByteText, _ reasons: [ByteText]) -> Term {
      let first = reasons.firstFaults()
      return refused(
        first.faultsLine, .tuple([.atom(kind), .list(first.map(Term.text))]))
    }
    do {
      guard let term, let value = try ElixirConfig.pushValue(of: term) else {
        return refused("it is no map", .atom("invalid_push_config_data"))
      }
      switch try gateway.receiver.push(try PushConfig(value), force: isForced) {
      case .accepted: return .tuple([.atom("ok"), .atom("accepted")])
      case .skipped: return .tuple([.atom("ok"), .atom("skipped"), .atom("version_matches")])
      }
    } catch let faults as ConfigFaults {
      return failed("validation_failed", faults.faults)
    } catch let error as PushError {
      let text = ByteText(error.description)
      switch error {
      case .invalidToken: return refused(text, .atom("invalid_push_token"))
      case .validationFailed(let reasons): return failed("validation_failed", reasons)
      case .allInvalid(let reasons): return failed("all_invalid", reasons)
      case .tooManyServices, .isClient: return refused(text, .text(text))
      }
    } catch {
      return refused("\(error)", .text("\(error)"))
    }
  }
}
