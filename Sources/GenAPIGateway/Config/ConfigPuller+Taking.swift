import GenAPIValue
import Logging

extension ConfigPuller {
  /// Faults of refused configs that are told.
  private static let mostTold = 5

  /// Once, and again when they are others.
  private func tell(_ unknown: [ByteText], of service: ByteText) {
    let isNew = sources.withLock { sources in
      guard sources[service]?.unknown != unknown else { return false }
      sources[service]?.unknown = unknown
      return true
    }
    if isNew { UnknownNames.tell(unknown, of: service, to: logger) }
  }

  /// Stores what a service answered. The service's name is the one configured, whatever the answer says.
  func take(_ answer: Value, _ source: Source, _ version: ByteText?, _ node: ByteText) throws -> Int {
    let service = source.config.service
    guard let items = answer.array else {
      // A reader of terms knows what no value can say.
      let kind = answer[FunctionConfig.faultsField]?.array?.first?.string ?? answer.instead(of: "a list")
      throw PullFailure("\(source.config.function.name) must answer a list, not \(kind)")
    }
    guard items.count <= ConfigBounds.functionsOfPush else {
      throw PullFailure(
        "\(source.config.function.name) answered \(items.count) configs, allowed are \(ConfigBounds.functionsOfPush)"
      )
    }
    let origin = ConfigOrigin(.pull, version: version, node: node)
    var configs: [FunctionConfig] = []
    var unreadable: [UnreadableConfig] = []
    var unknown: [ByteText] = []
    defer { tell(UnknownNames.distinct(unknown), of: service) }
    for (index, item) in items.enumerated() {
      do {
        var config = try FunctionConfig(fromNode: item, unknown: &unknown)
        config.service = service
        configs.append(config.fromService)
      } catch {
        unreadable.append(UnreadableConfig(index: index, value: item, faults: error.faults))
        if unreadable.count > ConfigBounds.unreadable { break }
      }
    }
    store.recordUnreadable(service: service, unreadable, origin: origin)
    // What of it worked before stays: the rest of the list is not known.
    if unreadable.count > ConfigBounds.unreadable {
      throw PullFailure(
        """
        \(unreadable.count) of the first \(configs.count + unreadable.count) configs cannot be read\
        \(UnreadableConfig.words(notLookedAt: items.count - configs.count - unreadable.count))
        """)
    }
    guard !configs.isEmpty || items.isEmpty else {
      throw PullFailure("none of \(items.count) configs can be read")
    }
    do {
      let stored = try store.replace(service: service, with: configs, unreadable: unreadable, origin: origin)
      tellRefused(
        unreadable.flatMap { item in item.faults.map { "configs[\(item.index)]: \($0)" as ByteText } }
          + configs.flatMap { $0.named($0.validate() + policy.faults(of: $0)) }, of: service)
      return stored
    } catch {
      throw PullFailure(ByteText(error.description))
    }
  }

  /// Once, and again when they are others.
  private func tellRefused(_ faults: [ByteText], of service: ByteText) {
    let isNew = sources.withLock { sources in
      let told = faults.prefix(Self.mostTold).map { $0.cut(bytes: 200) }
      guard sources[service]?.refused != told else { return false }
      sources[service]?.refused = told
      return !told.isEmpty
    }
    guard isNew else { return }
    logger.warning(
      "a pull was taken without some of its functions; what worked of them before stays",
      metadata: [
        "service": "\(service)",
        "faults": "\(faults.prefix(Self.mostTold).map { $0.cut(bytes: 200).shown }.joined(separator: "; "))",
        "count": .stringConvertible(faults.count),
      ])
  }
}
