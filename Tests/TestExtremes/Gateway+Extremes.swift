import GenAPITesting

extension Gateway {
  /// Calls every function that takes arguments with extreme values: the least and greatest numbers, -1, 0, huge texts and lists. One
  /// that traps ends the tests, as it would end its gateway.
  ///
  /// - Returns: how often a function was called.
  @discardableResult
  public func callWithExtremes() async -> Int {
    var calls = 0
    for config in configs.configs() where !config.arguments.isEmpty {
      let values = config.arguments.sorted { $0.key < $1.key }.map { name, spec in
        (name, extremes(spec, config))
      }
      let combinations = values.reduce(1) { min(1 << 40, $0 * $1.1.count) }
      // Some 400 of them where there are more; an odd step, so that no value is always passed over.
      for number in stride(from: 0, to: combinations, by: combinations / 400 | 1) {
        var arguments = ValueObject()
        var rest = number
        for (name, extremes) in values {
          arguments[name] = extremes[rest % extremes.count]
          rest /= extremes.count
        }
        await callOnce(config, arguments)
        calls += 1
      }
    }
    return calls
  }

  private func callOnce(_ config: FunctionConfig, _ arguments: ValueObject) async {
    var identity = ClientIdentity(userID: "extreme")
    if case .role(let roles) = config.permission { identity.roles = roles }
    let connection = connect(as: identity)
    defer { disconnect(connection) }
    await send(config.service, config.requestType, arguments, version: config.version, from: connection)
    guard config.responseType == .stream else { return }
    guard var response = try? await connection.next() else { return }
    var parts = 0
    // What goes on for longer is ended as by a client that goes.
    while response.success, response.hasMore, parts < 2_000 {
      guard let next = try? await connection.next() else { return }
      response = next
      parts += 1
    }
  }

  private func extremes(_ spec: ArgumentSpec, _ config: FunctionConfig) -> [Value] {
    let texts: [Value] = [
      "", "extreme", .string(ByteText(String(repeating: "a", count: 3_000))), "\u{0}\n\u{1b}[31m", "-1",
    ]
    let numbers: [Value] = [
      .int(.min), .int(.max), -1, 0, 1, .int(.max / 2), .double(-.greatestFiniteMagnitude), 1e300, 0.5,
      WideInteger("99999999999999999999").map(Value.wideInteger) ?? 0,
    ]
    func lists(_ items: [Value]) -> [Value] {
      [[], .array(items)] + items.map { .array(Array(repeating: $0, count: 1_000)) }
        + [.array(Array(repeating: items[0], count: 100_000))]
    }
    let objects: [Value] = [
      [:], .object(ValueObject(uniqueKeysWithValues: spec.required.map { ($0, .int(.max)) })),
      .object(ValueObject(uniqueKeysWithValues: spec.required.map { ($0, "") })),
    ]
    switch spec.type {
    case .string: return texts
    case .num: return numbers
    case .boolean: return [true, false]
    case .datetime, .naiveDatetime, .date:
      return ["9999-12-31T23:59:59.999999Z", "0000-01-01T00:00:00Z", "-9999-01-01T00:00:00Z", "9999-12-31"]
    case .uuid: return ["00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"]
    case .any: return texts + numbers + objects + [.null, [], [[]], true]
    case .map: return objects
    case .list: return lists(texts + numbers)
    case .listString: return lists(texts)
    case .listNum: return lists(numbers)
    case .listUUID: return lists(["00000000-0000-0000-0000-000000000000"])
    case .listMap: return lists(objects)
    }
  }
}
