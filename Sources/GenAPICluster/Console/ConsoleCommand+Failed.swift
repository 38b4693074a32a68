import ErlangNode
import GenAPIGateway
import GenAPIValue

/// Configs that were refused.
extension ConsoleCommand {
  static let failed: [ConsoleCommand] = [
    .tells(
      "PhoenixGenApi.failed_configs", "PhoenixGenApi.ConfigFailed.list", arity: 0...1,
      "the refused configs, newest first; options `source`, `service`, `limit` (100) and `order`"
    ) { call in
      .list(try entries(call).map { entry($0) })
    },
    .prints(
      "PhoenixGenApi.failed_configs_print", arity: 0...1,
      "prints the refused configs with the reasons; options as above"
    ) { call in
      call.gateway.reports.failedConfigs(try filter(call).filter)
    },
    .prints("PhoenixGenApi.failed_configs_summary", arity: 0...0, "prints how many were refused, by service")
    { call in
      let failed = call.gateway.configs.failedConfigs()
      let services = Dictionary(grouping: failed, by: \.service).sorted { $0.key < $1.key }
      return (["\(failed.count) refused configs"] + services.map { "  \($0.key.shown): \($0.value.count)" })
        .joined(separator: "\n")
    },
    .tells(
      "PhoenixGenApi.ConfigFailed.summary", arity: 0...0,
      "their numbers, by service, the oldest and the newest"
    ) {
      call in
      summary(call.gateway)
    },
    .tells("PhoenixGenApi.ConfigFailed.count", arity: 0...0, "how many there are") { call in
      .int(call.gateway.configs.failedConfigs().count)
    },
    .tells(
      "PhoenixGenApi.cleanup_failed_configs", "PhoenixGenApi.ConfigFailed.cleanup", arity: 0...0,
      "0: those older than 24 hours are gone already"
    ) { _ in .int(0) },
    .changes(
      "PhoenixGenApi.clear_failed_configs", "PhoenixGenApi.ConfigFailed.clear", arity: 0...0,
      .clearFailedConfigs,
      "forgets the refused configs"
    ) { call in
      call.gateway.configs.clearFailedConfigs()
      return .done
    },
  ]

  private static func filter(_ call: ConsoleCall) throws -> (
    filter: FailedConfigFilter, options: [ByteText: Term]
  ) {
    let options = try call.options(0)
    var filter = FailedConfigFilter()
    filter.service = TermValue.text(options["service"])
    if let source = TermValue.text(options["source"]) {
      guard let kind = ConfigOrigin.Kind(rawValue: source.string) else {
        throw call.fault("source must be :pull, :push or :local")
      }
      filter.source = kind
    }
    return (filter, options)
  }

  private static func entries(_ call: ConsoleCall) throws -> [FailedConfig] {
    let (filter, options) = try filter(call)
    let limit = options["limit"]?.integerValue ?? 100
    let oldestFirst = call.gateway.configs.failedConfigs(filter)
    let ordered = options["order"] == .atom("oldest_first") ? oldestFirst : oldestFirst.reversed()
    return Array(ordered.prefix(Int(clamping: min(max(0, limit), Int64(ConsolePage.mostConfigs)))))
  }

  private static func entry(_ failed: FailedConfig) -> Term {
    .fields([
      "id": .integer(failed.id), "service": .text(failed.service),
      "request_type": .text(orNil: failed.requestType), "version": .text(orNil: failed.version),
      "source": .atom(ByteText(failed.source.rawValue)), "node": .atom(orNil: failed.node),
      "reason": .texts(failed.reasons), "config": config(failed.config),
      "inserted_at_ms": .integer(failed.at / 1_000), "expires_at_ms": .integer(failed.expiresAt / 1_000),
    ])
  }

  /// As it came, with its fields as atoms. Only those are that a config has: an atom is never forgotten where it comes to.
  private static func config(_ value: Value?) -> Term {
    guard let object = value?.object else { return value.map(TermValue.term) ?? .fields([:]) }
    return .map(
      TermMap(
        object.map { field in
          let isKnown = FunctionConfig.fields.contains(field.key)
          return (key: isKnown ? .atom(field.key) : .text(field.key), value: TermValue.term(field.value))
        }))
  }

  private static func summary(_ gateway: Gateway) -> Term {
    let failed = gateway.configs.failedConfigs()
    let services = Dictionary(grouping: failed, by: \.service).sorted { $0.key < $1.key }
    return .fields([
      "total": .int(failed.count), "pull": .int(failed.count { $0.source == .pull }),
      "push": .int(failed.count { $0.source == .push }),
      "by_service": ConsolePage.map(services, most: ConsolePage.mostConfigs) {
        (key: .text($0.key), value: .list($0.value.reversed().map { entry($0) }))
      },
      "oldest": failed.first.map { entry($0) } ?? .atom("nil"),
      "newest": failed.last.map { entry($0) } ?? .atom("nil"),
    ])
  }
}
