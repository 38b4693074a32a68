import ErlangNode
import GenAPIGateway
import GenAPITelemetry
import GenAPIValue

/// Services that push their configs, and those that are pulled.
extension ConsoleCommand {
  static let pulls: [ConsoleCommand] = [
    .prints(
      "PhoenixGenApi.pushed_services_status", arity: 0...0,
      "prints the services that pushed, with their versions"
    ) {
      $0.gateway.reports.pushedServices()
    },
    .tells(
      "PhoenixGenApi.ConfigReceiver.status", arity: 0...0, "what was pushed: versions and `%PushConfig{}`s"
    ) {
      call in
      await receiver(call)
    },
    .tells(
      "PhoenixGenApi.ConfigReceiver.get_pushed_config", arity: 1...1,
      "the `%PushConfig{}` that a service pushed last, without its token; `nil` for none"
    ) { call in
      guard let config = call.gateway.receiver.pushedConfig(try call.text(0, "service")) else {
        return .atom("nil")
      }
      return await call.form().term(of: config)
    },
    .tells(
      "PhoenixGenApi.ConfigReceiver.get_all_pushed_services", arity: 0...0,
      "`%{service => config_version}` of those"
    ) { call in
      versions(call.gateway.receiver.pushedVersions.mapValues { $0 })
    },
    .tells(
      "PhoenixGenApi.ConfigPuller.status", arity: 0...0, "the services that are pulled, and what came of it"
    ) {
      call in
      await puller(call)
    },
    .tells("PhoenixGenApi.ConfigPuller.get_services", arity: 0...0, "`%{service => %ServiceConfig{}}`") {
      call in
      await services(call)
    },
    .tells("PhoenixGenApi.ConfigPuller.get_api_list", arity: 1...1, "the `%FunConfig{}`s of a service") {
      call in
      let form = await call.form()
      let configs = call.gateway.configs.configs(of: try call.text(0, "service"))
      return ConsolePage.list(configs, most: ConsolePage.mostConfigs) { form.term(of: $0) }
    },
    .tells("PhoenixGenApi.ConfigPuller.get_service_version", arity: 1...1, "the version that was pulled last")
    { call in
      .text(orNil: call.gateway.puller.version(of: try call.text(0, "service")))
    },
    .tells("PhoenixGenApi.ConfigPuller.get_all_versions", arity: 0...0, "`%{service => version}`") { call in
      versions(pulledVersions(call.gateway))
    },
    .changes("PhoenixGenApi.ConfigPuller.pull", arity: 0...0, .pushConfig, "pulls every service now") {
      call in
      pull(call, force: false)
    },
    .changes(
      "PhoenixGenApi.ConfigPuller.force_pull", arity: 0...0, .pushConfig,
      "the same, also where the version is the one that is here"
    ) { call in
      pull(call, force: true)
    },
    .changes(
      "PhoenixGenApi.ConfigPuller.add", arity: 1...1, .pushConfig,
      "pulls the services of a list of `%ServiceConfig{}`s"
    ) { call in
      for source in try sources(call) where !call.gateway.puller.add(source) {
        return .error(.text("\(source.service) cannot be pulled"))
      }
      return .done
    },
    .changes(
      "PhoenixGenApi.ConfigPuller.delete", arity: 1...1, .pushConfig,
      "pulls the services of such a list no more; their functions stay"
    ) { call in
      for source in try sources(call) { call.gateway.puller.remove(source.service) }
      return .done
    },
  ]

  /// Does not wait for the answers of nodes.
  private static func pull(_ call: ConsoleCall, force: Bool) -> ConsoleAnswer {
    let gateway = call.gateway
    let services = gateway.puller.pulled.map(\.service)
    Task {
      for service in services { await gateway.puller.pull(service, force: force) }
    }
    return .done
  }

  private static func sources(_ call: ConsoleCall) throws -> [PullSource] {
    try call.list(0, "services").map { term in
      do throws(ConfigFaults) {
        if let value = try ElixirConfig.pushValue(of: term) { return try PullSource(value) }
      } catch {
        throw call.fault(ByteText(error.description))
      }
      throw call.fault("a service is a %ServiceConfig{}")
    }
  }

  private static func versions(_ versions: [ByteText: ByteText]) -> Term {
    ConsolePage.map(versions.sorted { $0.key < $1.key }, most: ConsolePage.most) {
      (key: .text($0.key), value: .text($0.value))
    }
  }

  private static func pulledVersions(_ gateway: Gateway) -> [ByteText: ByteText] {
    var versions: [ByteText: ByteText] = [:]
    for source in gateway.puller.pulled {
      versions[source.service] = gateway.puller.version(of: source.service)
    }
    return versions
  }

  /// At most so many functions in all: those of the services behind are left out.
  static func receiver(_ call: ConsoleCall) async -> Term {
    let form = await call.form()
    let receiver = call.gateway.receiver
    var pushed: [PushConfig] = []
    var functions = 0
    let services = receiver.pushedVersions.keys.sorted()
    for service in services {
      guard let config = receiver.pushedConfig(service) else { continue }
      functions += config.functions.count
      guard functions <= ConsolePage.mostConfigs || pushed.isEmpty else { break }
      pushed.append(config)
    }
    var pairs = pushed.map { (key: Term.text($0.service), value: form.term(of: $0)) }
    if services.count > pushed.count {
      pairs.append((key: ConsolePage.mark, value: .int(services.count - pushed.count)))
    }
    return .fields([
      "status": .atom("ok"), "pushed_services": versions(receiver.pushedVersions),
      "pushed_configs": .map(TermMap(pairs)),
    ])
  }

  private static func services(_ call: ConsoleCall) async -> Term {
    let form = await call.form()
    return ConsolePage.map(call.gateway.puller.pulled, most: ConsolePage.mostConfigs) {
      (key: .text($0.service), value: form.term(of: $0))
    }
  }

  static func puller(_ call: ConsoleCall) async -> Term {
    let services = await services(call)
    let failures = call.gateway.currentState().services.map(\.pullFailures).reduce(0, +)
    let form = await call.form()
    var left = ConsolePage.mostConfigs
    var lists: [(key: Term, value: Term)] = []
    for source in call.gateway.puller.pulled where left > 0 {
      let configs = call.gateway.configs.configs(of: source.service)
      lists.append((.text(source.service), ConsolePage.list(configs, most: left) { form.term(of: $0) }))
      left -= configs.count
    }
    return .fields([
      "status": .atom("ok"), "services": services, "api_list": .map(TermMap(lists)),
      "service_versions": versions(pulledVersions(call.gateway)), "failure_count": .int(failures),
    ])
  }
}
