import GenAPIValue

/// Checks a request's arguments against their declarations and puts them in the order of the call.
public struct ArgumentConverter: Sendable {
  /// The bounds of what it converts.
  public var limits: ArgumentLimits

  /// Makes a converter with these bounds.
  public init(limits: ArgumentLimits = ArgumentLimits()) { self.limits = limits }

  /// The arguments to pass. No declared types: none are passed, whatever the request
  /// holds; but a Swift function of no argument refuses any.
  ///
  /// - Throws: `ArgumentError` naming the first argument at fault and the bound.
  public func arguments(of request: Request, for config: FunctionConfig) throws(ArgumentError) -> [Value] {
    var result: [Value] = []
    try append(request, by: ArgumentPlan(config), to: &result)
    return result
  }

  func append(_ request: Request, by plan: ArgumentPlan, to result: inout [Value]) throws(ArgumentError) {
    guard !plan.order.isEmpty else {
      if plan.takesNone, !request.args.isEmpty { throw Self.unknown(request.args.keys.sorted()) }
      return
    }
    var present = 0
    // A subscript would copy the value.
    for declaration in plan.order where request.args.index(forKey: declaration.name) != nil { present += 1 }
    if present != request.args.count {
      let extra = request.args.keys.filter { plan.declared[$0] == nil }.sorted()
      guard extra.isEmpty else {
        throw Self.unknown(extra)
      }
    }
    if plan.isMap {
      var object = ValueObject()
      for declaration in plan.order {
        object[declaration.name] = try argument(declaration, request)
      }
      result.append(.object(object))
    } else {
      for declaration in plan.order {
        result.append(try argument(declaration, request))
      }
    }
  }

  private static func unknown(_ names: [ByteText]) -> ArgumentError {
    ArgumentError("unknown \(names.count == 1 ? "argument" : "arguments") \(list(names))")
  }

  private func argument(_ declaration: ArgumentPlan.Declaration, _ request: Request) throws(ArgumentError)
    -> Value
  {
    guard let value = request.args[declaration.name] else {
      if let value = declaration.spec.defaultValue { return value }
      if declaration.spec.allowsNil { return .null }
      throw ArgumentError("missing argument \"\(declaration.name)\"")
    }
    if value.isNull {
      if declaration.spec.allowsNil { return .null }
      if let value = declaration.spec.defaultValue { return value }
      throw ArgumentError("argument \"\(declaration.name)\" must not be null")
    }
    return try convert(value, as: declaration)
  }

  /// The value an argument stands for.
  func convert(_ value: Value, name: ByteText, spec: ArgumentSpec) throws(ArgumentError) -> Value {
    try convert(value, as: ArgumentPlan.Declaration(name, spec))
  }

  /// The same for one of a function's.
  ///
  /// - Parameter declaration: a reference, whose fields are read where they lie: handed on, a specification is copied.
  private func convert(_ value: Value, as declaration: ArgumentPlan.Declaration) throws(ArgumentError)
    -> Value
  {
    func mismatch() -> ArgumentError {
      ArgumentError(
        "argument \"\(declaration.name)\" must be a \(declaration.spec.type.rawValue), not \(value.instead(of: "another kind"))"
      )
    }
    switch declaration.spec.type {
    case .any:
      try checkAny(value, declaration.name, declaration.spec)
      return value
    case .string:
      guard let text = value.string else {
        guard let text = value.withTextForBytes() else { throw mismatch() }
        return try convert(text, as: declaration)
      }
      try checkBytes(
        text, declaration.spec.maxBytes ?? limits.stringBytes, "argument \"\(declaration.name)\"",
        base64: declaration.spec.base64.bytes)
      return value
    case .num:
      guard value.double != nil else { throw mismatch() }
      if declaration.spec.isWhole, !declaration.spec.isWholeEnough(value) {
        throw ArgumentError("argument \"\(declaration.name)\" must be \(declaration.spec.wholeWords)")
      }
      if let range = declaration.spec.range, !range.contains(value) {
        throw ArgumentError("argument \"\(declaration.name)\" must be \(range.text)")
      }
      return value
    case .boolean:
      guard value.bool != nil else { throw mismatch() }
      return value
    case .uuid:
      guard let text = value.string, UUIDText.isCanonical(text.string) else {
        throw ArgumentError(
          "argument \"\(declaration.name)\" must be \(UUIDText.form)")
      }
      return value
    case .datetime:
      guard let text = value.string, let time = DateTimeText(text.string), time.hasOffset else {
        throw ArgumentError(
          "argument \"\(declaration.name)\" must be an ISO 8601 date and time with an offset or Z")
      }
      return .string(ByteText(time.utc))
    case .naiveDatetime:
      guard let text = value.string, let time = DateTimeText(text.string) else {
        throw ArgumentError("argument \"\(declaration.name)\" must be an ISO 8601 date and time")
      }
      return .string(ByteText(time.local))
    case .date:
      guard let text = value.string, let date = DateText(text.string) else {
        throw ArgumentError("argument \"\(declaration.name)\" must be an ISO 8601 date")
      }
      return .string(ByteText(date.description))
    case .map:
      guard let object = value.object else { throw mismatch() }
      do throws(ArgumentError) {
        try checkMap(object, declaration.name, declaration.spec)
      } catch {
        guard let text = value.withTextForBytes() else { throw error }
        return try convert(text, as: declaration)
      }
      return value
    case .list, .listString, .listNum, .listUUID, .listMap:
      guard let items = value.array else { throw mismatch() }
      do throws(ArgumentError) {
        try checkList(items, declaration.name, declaration.spec)
      } catch {
        guard let text = value.withTextForBytes() else { throw error }
        return try convert(text, as: declaration)
      }
      return value
    }
  }

  /// - Parameter base64: the bytes that the text stands for, where it is bounded by those.
  private func checkBytes(
    _ text: ByteText, _ limit: Int, _ what: @autoclosure () -> ByteText, base64: Int? = nil
  ) throws(ArgumentError) {
    guard text.utf8.count <= limit else {
      if let base64 { throw ArgumentError("\(what()) must be \(Base64Bound.words(base64))") }
      throw ArgumentError("\(what()) is longer than \(limit) bytes")
    }
  }

  private func checkList(_ items: [Value], _ name: ByteText, _ spec: ArgumentSpec) throws(ArgumentError) {
    let limit = spec.maxItems ?? limits.listItems
    guard items.count <= limit else {
      throw ArgumentError("argument \"\(name)\" has more than \(limit) items")
    }
    let bytes = spec.maxItemBytes ?? limits.stringBytes
    let range = spec.range
    for (index, item) in items.enumerated() {
      var what: ByteText { "item \(index) of argument \"\(name)\"" }
      if item.isNull, spec.allowsNilItems { continue }
      if spec.isDecimal {
        try DecimalArgument.check(item, what, range)
        continue
      }
      switch (spec.type, item) {
      case (.listString, .string(let text)), (.list, .string(let text)):
        try checkBytes(text, bytes, what, base64: spec.base64.itemBytes)
      case (.listNum, .double) where !spec.isWholeEnough(item),
        (.listNum, .wideInteger) where !spec.isWholeEnough(item):
        throw ArgumentError("\(what) must be \(spec.wholeWords)")
      case (.listNum, .int), (.listNum, .wideInteger), (.listNum, .double):
        if let range, !range.contains(item) { throw ArgumentError("\(what) must be \(range.text)") }
      case (.list, .int), (.list, .wideInteger), (.list, .double), (.list, .bool): break
      case (.listUUID, .string(let text)) where UUIDText.isCanonical(text.string): break
      case (.listMap, .object(let object)):
        guard object.count <= limits.mapItems else {
          throw ArgumentError("\(what) has more than \(limits.mapItems) keys")
        }
        try checkEntries(object, what, bytes: bytes, depth: 2)
      case (.listUUID, .string): throw ArgumentError("\(what) must be \(UUIDText.form)")
      default:
        let expected: ByteText =
          switch spec.type {
          case .listString: "a string"
          case .listNum: "a number"
          case .listUUID: "a UUID"
          case .listMap: "an object"
          default: "a boolean, number or string"
          }
        throw ArgumentError("\(what) must be \(expected), not \(item.instead(of: expected))")
      }
    }
  }

  private func checkMap(_ object: ValueObject, _ name: ByteText, _ spec: ArgumentSpec) throws(ArgumentError) {
    let limit = spec.maxItems ?? limits.mapItems
    guard object.count <= limit else {
      throw ArgumentError("argument \"\(name)\" has more than \(limit) keys")
    }
    let missing = spec.required.filter { object[$0] == nil }
    guard missing.isEmpty else {
      throw ArgumentError("argument \"\(name)\" lacks the required keys \(Self.list(missing))")
    }
    if let accept = spec.accept {
      let refused = object.keys.filter { !accept.contains($0) }
      guard refused.isEmpty else {
        throw ArgumentError(
          "argument \"\(name)\" has keys that are not accepted: \(Self.list(Array(refused)))")
      }
    }
    let (bytes, range) = (spec.maxItemBytes ?? limits.stringBytes, spec.range)
    for (key, value) in object {
      try checkKey(key, "argument \"\(name)\"")
      var what: ByteText { "key \"\(key)\" of argument \"\(name)\"" }
      if let range, value.double != nil, !range.contains(value) {
        throw ArgumentError("\(what) must be \(range.text)")
      }
      if spec.isPlain {
        try checkNested(value, what, bytes: bytes, depth: 1)
      } else {
        try checkFlat(value, what, bytes: bytes)
      }
    }
  }

  /// Any value: a text, a list or an object is bounded as one that is declared so, and what it holds as what a map without options holds.
  private func checkAny(_ value: Value, _ name: ByteText, _ spec: ArgumentSpec) throws(ArgumentError) {
    var what: ByteText { "argument \"\(name)\"" }
    if spec.isDecimal { return try DecimalArgument.check(value, what, spec.range) }
    let (items, bytes) = (spec.maxItems ?? limits.listItems, spec.maxItemBytes ?? limits.stringBytes)
    switch value {
    case .array(let list):
      guard list.count <= items else { throw ArgumentError("\(what) has more than \(items) items") }
      for (index, item) in list.enumerated() {
        try checkNested(item, "item \(index) of \(what)", bytes: bytes, depth: 1)
      }
    case .object(let object):
      let keys = spec.maxItems ?? limits.mapItems
      guard object.count <= keys else { throw ArgumentError("\(what) has more than \(keys) keys") }
      try checkEntries(object, what, bytes: bytes, depth: 1)
    default: try checkNested(value, what, bytes: spec.maxBytes ?? limits.stringBytes, depth: 1)
    }
  }

  /// Any value, whose texts, lists and objects are bounded each, and which is not too deep.
  private func checkNested(_ value: Value, _ what: @autoclosure () -> ByteText, bytes most: Int, depth: Int)
    throws(ArgumentError)
  {
    switch value {
    case .null, .bool, .int, .wideInteger, .double: return
    case .bytes(let bytes):
      guard bytes.count <= most else { throw ArgumentError("\(what()) is longer than \(most) bytes") }
    case .string(let text): try checkBytes(text, most, what())
    case .array(let items):
      guard items.count <= limits.listItems else {
        throw ArgumentError("\(what()) has more than \(limits.listItems) items")
      }
      guard depth < ArgumentLimits.depth else { throw tooDeep(what()) }
      for item in items { try checkNested(item, "an item of \(what())", bytes: most, depth: depth + 1) }
    case .object(let object):
      guard object.count <= limits.mapItems else {
        throw ArgumentError("\(what()) has more than \(limits.mapItems) keys")
      }
      guard depth < ArgumentLimits.depth else { throw tooDeep(what()) }
      try checkEntries(object, what(), bytes: most, depth: depth + 1)
    }
  }

  /// What an object of any values holds.
  private func checkEntries(
    _ object: ValueObject, _ what: @autoclosure () -> ByteText, bytes: Int, depth: Int
  ) throws(ArgumentError) {
    for (key, value) in object {
      try checkKey(key, what())
      try checkNested(value, "key \"\(key)\" of \(what())", bytes: bytes, depth: depth)
    }
  }

  /// A key is a text that a stranger chose, too.
  private func checkKey(_ key: ByteText, _ what: @autoclosure () -> ByteText) throws(ArgumentError) {
    guard key.utf8.count <= limits.stringBytes else {
      throw ArgumentError("a key of \(what()) is longer than \(limits.stringBytes) bytes")
    }
  }

  private func tooDeep(_ what: ByteText) -> ArgumentError {
    ArgumentError("\(what.cut(bytes: 256)) is nested deeper than \(ArgumentLimits.depth) levels")
  }

  /// A boolean, number, bounded string, or a bounded list of those.
  private func checkFlat(_ value: Value, _ what: @autoclosure () -> ByteText, bytes: Int)
    throws(ArgumentError)
  {
    switch value {
    case .bool, .int, .wideInteger, .double: return
    case .string(let text): try checkBytes(text, bytes, what())
    case .array(let items):
      guard items.count <= limits.listItems else {
        throw ArgumentError("\(what()) has more than \(limits.listItems) items")
      }
      for item in items {
        switch item {
        case .bool, .int, .wideInteger, .double: continue
        case .string(let text): try checkBytes(text, bytes, "an item of \(what())")
        default:
          throw ArgumentError("\(what()) must be a flat list, but holds \(item.instead(of: "a flat value"))")
        }
      }
    default:
      throw ArgumentError(
        "\(what()) must be a boolean, number, string or flat list, not \(value.instead(of: "a flat value"))")
    }
  }

  /// Names in quotes; a stranger chose them, so they are cut.
  private static func list(_ names: [ByteText]) -> ByteText {
    let shown: ByteText = names.prefix(5).map { "\"\($0.cut(bytes: 64))\"" as ByteText }.joined(
      separator: ", ")
    return names.count > 5 ? "\(shown) and \(names.count - 5) more" : shown
  }
}
