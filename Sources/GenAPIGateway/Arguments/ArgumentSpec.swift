import GenAPIValue

/// The declaration of one argument: its type and its bounds.
public struct ArgumentSpec: Sendable, Hashable {
  /// What the argument may be.
  public var type: ArgumentType
  /// The least number that is taken, an integer or a double: for num, and for each item of list_num.
  public var min: Value?
  /// The greatest number that is taken; likewise.
  public var max: Value?
  /// UTF-8 bytes of a string.
  public var maxBytes: Int?
  /// Items of a list, keys of a map.
  public var maxItems: Int?
  /// UTF-8 bytes of a string within a list.
  public var maxItemBytes: Int?
  /// Keys a map must have.
  public var required: [ByteText]
  /// The only keys a map may have; nil for any.
  public var accept: [ByteText]?
  /// Only whole numbers of 64 bits: for num and list_num.
  public var isWhole: Bool
  /// Null, or nothing at all, is a value.
  public var allowsNil: Bool
  /// Used when the argument is absent, and when it is null and `allowsNil` is false.
  public var defaultValue: Value?

  /// Declares an argument of a type; bounds that are nil are those of the gateway.
  public init(
    _ type: ArgumentType, min: Value? = nil, max: Value? = nil, maxBytes: Int? = nil, maxItems: Int? = nil,
    maxItemBytes: Int? = nil,
    required: [ByteText] = [], accept: [ByteText]? = nil, isWhole: Bool = false, allowsNil: Bool = false,
    defaultValue: Value? = nil
  ) {
    self.type = type
    self.min = min
    self.max = max
    self.maxBytes = maxBytes
    self.maxItems = maxItems
    self.maxItemBytes = maxItemBytes
    self.required = required
    self.accept = accept
    self.isWhole = isWhole
    self.allowsNil = allowsNil
    self.defaultValue = defaultValue
  }

  /// A map of which nothing else is said: it holds any values. One with options is flat, as it is in an Elixir gateway.
  var isPlain: Bool { maxItems == nil && required.isEmpty && accept == nil }

  /// The numbers that are taken; nil for all.
  var range: NumberRange? { min == nil && max == nil ? nil : NumberRange(least: min, most: max) }

  /// Takes out the options that say nothing of this type.
  ///
  /// - Returns: their names, each with the types that have it.
  private mutating func dropIdleOptions() -> [(option: ByteText, types: ByteText)] {
    var dropped: [(ByteText, ByteText)] = []
    if maxBytes != nil && type != .string {
      maxBytes = nil
      dropped.append(("max_bytes", "string"))
    }
    if maxItems != nil && !type.isList && type != .map {
      maxItems = nil
      dropped.append(("max_items", "lists and map"))
    }
    if maxItemBytes != nil && type != .listString && type != .list {
      maxItemBytes = nil
      dropped.append(("max_item_bytes", "list and list_string"))
    }
    if !required.isEmpty && type != .map {
      required = []
      dropped.append(("required", "map"))
    }
    if accept != nil && type != .map {
      accept = nil
      dropped.append(("accept", "map"))
    }
    if isWhole && type != .num && type != .listNum {
      isWhole = false
      dropped.append(("whole", "num and list_num"))
    }
    return dropped
  }

  /// Every fault of the declaration itself.
  func validate() -> [ByteText] { faults(in: .config) }

  /// The same in the words of whoever wrote it.
  func faults(in words: FaultWords) -> [ByteText] {
    var faults: [ByteText] = []
    for (name, bound) in [("max_bytes", maxBytes), ("max_items", maxItems), ("max_item_bytes", maxItemBytes)]
      as [(ByteText, Int?)]
    {
      if let bound, !ConfigBounds.argumentSize.contains(bound) {
        faults.append(
          "\(words.field(name)) must be 1 to \(ConfigBounds.argumentSize.upperBound); it is \(bound)")
      }
    }
    var copy = self
    for (option, types) in copy.dropIdleOptions() {
      faults.append("\(words.field(option)) is for \(types), not for \(type.rawValue)")
    }
    faults += range?.faults(type) ?? []
    faults += ConfigBounds.faults(ofNames: required, "required", most: ConfigBounds.names)
    if let accept {
      faults += ConfigBounds.faults(ofNames: accept, "accept", most: ConfigBounds.names)
      let impossible = Set(required).subtracting(accept).sorted()
      if !impossible.isEmpty { faults.append("required names keys that accept refuses: \(impossible)") }
    }
    if let defaultValue {
      let field = words.field("default_value")
      if let number = defaultValue.endlessNumber {
        faults.append("\(field) must be of finite numbers, not \(number)")
      } else {
        do {
          _ = try ArgumentConverter().convert(defaultValue, name: "default_value", spec: self)
        } catch {
          let text = ByteText(error.description).string.replacing(
            "argument \"default_value\"", with: words == .swift ? "it" : "argument \"default_value\"")
          faults.append("\(field) does not fit the type: \(ByteText(text))")
        }
      }
    }
    return faults
  }
}

extension ArgumentSpec {
  /// `"string"`, `{"string": 255}`, or `{"type": "string", "max_bytes": 255, …}`.
  ///
  /// - Parameter unknown: gets the options that there are not, or not for this type, which is read without them as in an Elixir
  ///   gateway; nil for a config whose faults they are.
  init(_ value: Value, unknown: inout [ByteText]?) throws(ConfigFaults) {
    try self.init(reading: value, unknown: &unknown)
    if unknown != nil { unknown?.append(contentsOf: dropIdleOptions().map(\.option)) }
  }

  private init(reading value: Value, unknown: inout [ByteText]?) throws(ConfigFaults) {
    let allowed = ArgumentType.allCases.map(\.rawValue).joined(separator: ", ")
    func type(_ name: ByteText) throws(ConfigFaults) -> ArgumentType {
      guard let type = ArgumentType(rawValue: name.string) else {
        throw ConfigFaults(faults: ["\"\(name.cut(bytes: 64))\" is no type; allowed: \(allowed)"])
      }
      return type
    }
    if let name = value.string {
      self.init(try type(name))
      return
    }
    guard let object = value.object else {
      throw ConfigFaults(faults: ["a type is a name or an object, not a \(value.kind)"])
    }
    guard let name = object["type"]?.string else {
      guard object.count == 1, let (name, bound) = object.elements.first, let limit = bound.int else {
        throw ConfigFaults(faults: ["\"type\" is missing; allowed: \(allowed)"])
      }
      self.init(try type(name))
      if self.type == .string { maxBytes = Int(clamping: limit) } else { maxItems = Int(clamping: limit) }
      return
    }
    self.init(try type(name))
    var reader = FunctionConfigReader(object: object)
    var known: Set<ByteText> = [
      "type", "max_bytes", "max_items", "max_item_bytes", "required", "accept", "whole", "allow_nil",
      "default_value",
    ]
    // Of other types they are options that nobody knows, which a service's config is taken without.
    if self.type == .num || self.type == .listNum {
      known.formUnion(["min", "max"])
      min = reader.number("min")
      max = reader.number("max")
    }
    maxBytes = reader.int("max_bytes").map { Int(clamping: $0) }
    maxItems = reader.int("max_items").map { Int(clamping: $0) }
    maxItemBytes = reader.int("max_item_bytes").map { Int(clamping: $0) }
    required = (object["required"]?.array ?? []).compactMap(\.string)
    accept = object["accept"]?.array?.compactMap(\.string)
    isWhole = reader.bool("whole") ?? false
    allowsNil = reader.bool("allow_nil") ?? false
    if let value = object["default_value"], !value.isNull { defaultValue = value }
    let others = object.keys.filter { !known.contains($0) }.map { $0.cut(bytes: 64) }
    if unknown == nil {
      reader.faults += others.map {
        "\"\($0)\" is no option; allowed: \(known.sorted().joined(separator: ", "))"
      }
    } else {
      unknown?.append(contentsOf: others)
    }
    guard reader.faults.isEmpty else { throw ConfigFaults(faults: reader.faults) }
  }

  var value: Value {
    var object: ValueObject = ["type": .string(ByteText(type.rawValue))]
    object["min"] = min
    object["max"] = max
    object["max_bytes"] = maxBytes.map { .int(Int64($0)) }
    object["max_items"] = maxItems.map { .int(Int64($0)) }
    object["max_item_bytes"] = maxItemBytes.map { .int(Int64($0)) }
    if !required.isEmpty { object["required"] = .array(required.map(Value.string)) }
    object["accept"] = accept.map { .array($0.map(Value.string)) }
    if isWhole { object["whole"] = true }
    if allowsNil { object["allow_nil"] = true }
    object["default_value"] = defaultValue
    return object.count == 1 ? .string(ByteText(type.rawValue)) : .object(object)
  }
}
