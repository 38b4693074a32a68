import ErlangNode
import GenAPIGateway
import GenAPIValue

/// The functions' configs.
extension ConsoleCommand {
  static let configs: [ConsoleCommand] = [
    .prints(
      "PhoenixGenApi.cache_status", arity: 0...0, "prints how many functions there are, and of which services"
    ) {
      $0.gateway.reports.configStore()
    },
    .tells(
      "PhoenixGenApi.ConfigDb.get", arity: 2...3,
      "`(service, request_type, version)`: `{:ok, %FunConfig{}}`, `{:error, :not_found}` or `{:error, :disabled}`"
    ) { call in
      let (service, requestType, version) = try name(call)
      return await found(call) { store throws(ConfigStoreError) in
        try store.get(service, requestType, version: version)
      }
    },
    .tells(
      "PhoenixGenApi.ConfigDb.get_fast", arity: 2...2, "the same for what a request without a version gets"
    ) {
      call in
      let (service, requestType, _) = try name(call)
      return await found(call) { store throws(ConfigStoreError) in try store.getFast(service, requestType) }
    },
    .tells(
      "PhoenixGenApi.ConfigDb.get_latest", arity: 2...2,
      "the same for the highest version that is enabled, or the one without a version"
    ) {
      call in
      let (service, requestType, _) = try name(call)
      return await found(call) { store throws(ConfigStoreError) in try store.getLatest(service, requestType) }
    },
    .tells(
      "PhoenixGenApi.ConfigDb.get_all_functions", arity: 0...1,
      "`%{service => %{request_type => [version]}}`, 10 000 versions of them; `[offset: 10_000]` tells the next"
    ) { call in
      let offset = try offset(call, 0)
      return functions(of: call.gateway, offset: offset) { _ in true }
    },
    .tells(
      "PhoenixGenApi.ConfigDb.get_functions_from_services", arity: 1...1,
      "the same of one service, or of a list of them"
    ) { call in
      let listed = call[0]?.listElements?.compactMap { TermValue.text($0) }
      let names = try listed ?? [call.text(0, "services")]
      let services = Set(names)
      return functions(of: call.gateway, offset: 0) { services.contains($0) }
    },
    .tells("PhoenixGenApi.ConfigDb.get_all_services", arity: 0...0, "the names of the services") { call in
      ConsolePage.list(call.gateway.configs.services, most: ConsolePage.most, Term.text)
    },
    .tells("PhoenixGenApi.ConfigDb.count", arity: 0...0, "how many versions of functions there are") { call in
      .int(call.gateway.configs.count)
    },
    .tells("PhoenixGenApi.ConfigDb.status", arity: 0...0, "their number and services") { call in
      status(of: call.gateway)
    },
    .changes(
      "PhoenixGenApi.ConfigDb.disable", arity: 2...3, .changeFunctions,
      "switches a version off: its requests are refused until it is enabled"
    ) { call in
      try switched(call) { store, name throws(ConfigStoreError) in
        try store.disable(name.service, name.requestType, version: name.version)
      }
    },
    .changes("PhoenixGenApi.ConfigDb.enable", arity: 2...3, .changeFunctions, "switches a version on") {
      call in
      try switched(call) { store, name throws(ConfigStoreError) in
        try store.enable(name.service, name.requestType, version: name.version)
      }
    },
    .changes("PhoenixGenApi.ConfigDb.delete", arity: 2...3, .changeFunctions, "removes a version") { call in
      let (service, requestType, version) = try name(call)
      // An Elixir gateway answers so of one that is not there, too.
      _ = try? call.gateway.configs.delete(service, requestType, version: version)
      return .done
    },
    .changes("PhoenixGenApi.ConfigDb.clear", arity: 0...0, .changeFunctions, "removes every function") {
      call in
      call.gateway.configs.clear()
      return .done
    },
    .changes(
      "PhoenixGenApi.ConfigDb.add", "PhoenixGenApi.ConfigDb.update", arity: 1...1, .pushConfig,
      "stores a `%FunConfig{}` as one of the gateway's own; what is wrong with it is printed"
    ) { call in
      try added(call, [.map(try call.map(0, "config"))], ifInvalid: "invalid_config") { _ in .atom("ok") }
    },
    .changes(
      "PhoenixGenApi.ConfigDb.batch_add", arity: 1...1, .pushConfig,
      "stores those of a list that are valid: `{:ok, count}` or `{:error, :all_invalid}`"
    ) { call in
      try added(call, try call.list(0, "configs"), ifInvalid: "all_invalid") { .ok(.int($0)) }
    },
  ]

  static func status(of gateway: Gateway) -> Term {
    .fields([
      "status": .atom("ok"), "count": .int(gateway.configs.count),
      "services": ConsolePage.list(gateway.configs.services, most: ConsolePage.most, Term.text),
      "ets": .fields(["exists": .bool(false)]),
    ])
  }

  private typealias Name = (service: ByteText, requestType: ByteText, version: ByteText?)

  private static func name(_ call: ConsoleCall) throws -> Name {
    (try call.text(0, "service"), try call.text(1, "request_type"), try call.optionalText(2, "version"))
  }

  static func offset(_ call: ConsoleCall, _ index: Int) throws -> Int {
    guard let term = try call.options(index)["offset"] else { return 0 }
    guard let offset = term.integerValue, offset >= 0 else { throw call.fault("offset must be 0 or more") }
    return Int(offset)
  }

  private static func found(
    _ call: ConsoleCall, _ body: (ConfigStore) throws(ConfigStoreError) -> FunctionConfig
  ) async -> Term {
    do throws(ConfigStoreError) {
      let config = try body(call.gateway.configs)
      return .ok(await call.form().term(of: config, isDisabled: false))
    } catch {
      return .error(.atom(error == .disabled ? "disabled" : "not_found"))
    }
  }

  private static func switched(
    _ call: ConsoleCall, _ body: (ConfigStore, Name) throws(ConfigStoreError) -> Void
  ) throws -> ConsoleAnswer {
    let name = try name(call)
    do throws(ConfigStoreError) {
      try body(call.gateway.configs, name)
      return .done
    } catch {
      return .error(.atom("not_found"))
    }
  }

  /// In the order of their names, so that an offset tells what comes next.
  private static func functions(
    of gateway: Gateway, offset: Int, _ isMeant: (ByteText) -> Bool
  ) -> Term {
    typealias Entry = (service: ByteText, requestType: ByteText, version: ByteText?)
    var entries: [Entry] = []
    for (service, types) in gateway.configs.allFunctions.sorted(by: { $0.key < $1.key })
    where isMeant(service) {
      for (type, versions) in types.sorted(by: { $0.key < $1.key }) {
        entries += versions.map { (service, type, $0) }
      }
    }
    let rest = entries.dropFirst(offset)
    var services: [(key: Term, value: [(key: Term, value: [Term])])] = []
    for entry in rest.prefix(ConsolePage.most) {
      let (service, type) = (Term.text(entry.service), Term.text(entry.requestType))
      if services.last?.key != service { services.append((service, [])) }
      let last = services.count - 1
      if services[last].value.last?.key != type { services[last].value.append((type, [])) }
      services[last].value[services[last].value.count - 1].value.append(.text(orNil: entry.version))
    }
    var pairs = services.map { service in
      (
        key: service.key,
        value: Term.map(TermMap(service.value.map { (key: $0.key, value: Term.list($0.value)) }))
      )
    }
    if rest.count > ConsolePage.most {
      pairs.append((key: ConsolePage.mark, value: .int(rest.count - ConsolePage.most)))
    }
    return .map(TermMap(pairs))
  }

  /// Configs of which each is told why it is left out.
  private static let mostNotes = 20

  private static func added(
    _ call: ConsoleCall, _ terms: [Term], ifInvalid: ByteText, _ answer: (Int) -> Term
  ) throws -> ConsoleAnswer {
    var configs: [FunctionConfig] = []
    var leftOut = 0
    for term in terms {
      do throws(ConfigFaults) {
        configs.append(try FunctionConfig(ElixirConfig.value(of: term)))
      } catch {
        leftOut += 1
        if leftOut <= mostNotes { call.note("a config is left out: \(ByteText(error.description))") }
      }
    }
    if leftOut > mostNotes { call.note("\(leftOut - mostNotes) more configs are left out") }
    guard !configs.isEmpty else { return .error(.atom(ifInvalid)) }
    do throws(ConfigStoreError) {
      return .term(answer(try call.gateway.configs.batchAdd(configs)))
    } catch {
      call.note(ByteText(error.description))
      switch error {
      case .invalid, .allInvalid: return .error(.atom(ifInvalid))
      default: return .error(.text(ByteText(error.description)))
      }
    }
  }
}
