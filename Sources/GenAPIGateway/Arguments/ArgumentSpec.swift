import GenAPIValue

/// The declaration of one argument: its type and its bounds.
public struct ArgumentSpec: Sendable, Hashable {
  /// What the argument may be.
  public var type: ArgumentType
  /// The least number that is taken, an integer or a double: for num, for each item of list_num, for each number in a map, and for a
  /// decimal number.
  public var min: Value?
  /// The greatest number that is taken; likewise.
  public var max: Value?
  /// UTF-8 bytes of a string, also of one that is any value.
  public var maxBytes: Int?
  /// Items of a list, keys of a map, also of one that is any value.
  public var maxItems: Int?
  /// UTF-8 bytes of a string within a list, a map or any value.
  public var maxItemBytes: Int?
  /// Keys a map must have.
  public var required: [ByteText]
  /// The only keys a map may have; nil for any.
  public var accept: [ByteText]?
  /// Only whole numbers, of 64 bits unless `min` or `max` is beyond those: for num and list_num.
  public var isWhole: Bool
  /// A map of values of any kind, whatever else is said of it; one with other options is flat without this.
  public var isNested: Bool
  /// Only decimal numbers, each as a number or its digits as text: for any, and for the items of list.
  public var isDecimal: Bool
  /// Null, or nothing at all, is a value.
  public var allowsNil: Bool
  /// Null is an item: for lists.
  public var allowsNilItems: Bool
  /// Of a text, or texts in a list, that are bytes as Base64.
  var base64 = Base64Bound()
  /// Of a value, or the items of a list, that are cases of an enumeration.
  var cases = CaseValues()
  /// Used when the argument is absent, and when it is null and `allowsNil` is false.
  public var defaultValue: Value?

  /// Declares an argument of a type; bounds that are nil are those of the gateway.
  public init(
    _ type: ArgumentType, min: Value? = nil, max: Value? = nil, maxBytes: Int? = nil, maxItems: Int? = nil,
    maxItemBytes: Int? = nil,
    required: [ByteText] = [], accept: [ByteText]? = nil, isWhole: Bool = false, allowsNil: Bool = false,
    defaultValue: Value? = nil, isNested: Bool = false, isDecimal: Bool = false, allowsNilItems: Bool = false
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
    self.isNested = isNested
    self.isDecimal = isDecimal
    self.allowsNil = allowsNil
    self.allowsNilItems = allowsNilItems
    self.defaultValue = defaultValue
  }

  /// A map that holds any values: of which nothing else is said, or that is nested. One with options is flat, as it is in an Elixir
  /// gateway.
  var isPlain: Bool {
    isNested
      || maxItems == nil && required.isEmpty && accept == nil && min == nil && max == nil
        && maxItemBytes == nil
  }

  /// The numbers that are taken; nil for all.
  var range: NumberRange? { min == nil && max == nil ? nil : NumberRange(least: min, most: max) }

  /// Whether whole numbers beyond 64 bits are taken, as a bound is one.
  var isWide: Bool {
    guard isWhole else { return false }
    if case .wideInteger(let most) = max, !most.isNegative { return true }
    if case .wideInteger(let least) = min { return least.isNegative }
    return false
  }

  /// Whether a number is whole, where it has to be.
  func isWholeEnough(_ number: Value) -> Bool {
    if !isWhole || number.int != nil { return true }
    guard isWide, case .wideInteger = number else { return false }
    return true
  }

  /// What follows "must be" for one that is not.
  var wholeWords: ByteText { isWide ? "a whole number" : "a whole number of 64 bits" }

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
    for option in ArgumentOption.allCases where !option.fits(type, isDecimal) && option.isStated(in: self) {
      faults.append(option.misfit(type, in: words))
    }
    if ArgumentOption.min.fits(type, isDecimal) { faults += range?.faults(isWhole: isWhole && !isWide) ?? [] }
    if let maxItems, maxItems >= 1, type == .map, Set(required).count > maxItems {
      faults.append("required names \(Set(required).count) keys, and max_items is \(maxItems)")
    }
    faults += ConfigBounds.faults(ofNames: required, "required", most: ConfigBounds.names)
    if let accept {
      faults += ConfigBounds.faults(ofNames: accept, "accept", most: ConfigBounds.names)
      let impossible = Set(required).subtracting(accept).sorted()
      if !impossible.isEmpty {
        faults.append("required names keys that accept refuses: \(impossible.firstNames)")
      }
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
    // `{"num": 5}` says `max_items` in short.
    if unknown != nil, maxItems != nil, !ArgumentOption.maxItems.fits(type, isDecimal) {
      maxItems = nil
      unknown?.append(ByteText(ArgumentOption.maxItems.rawValue))
    }
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
      throw ConfigFaults(faults: ["a type is a name or an object, not \(value.instead(of: "an object"))"])
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
    let isOfDecimals = object["decimal"] == true
    let options = ArgumentOption.allCases.filter { $0.fits(self.type, isOfDecimals) }
    for option in ArgumentOption.allCases
    where !option.fits(self.type, isOfDecimals) && option.isStated(in: object) {
      if unknown == nil {
        reader.faults.append(option.misfit(self.type, in: .config))
      } else {
        unknown?.append(ByteText(option.rawValue))
      }
    }
    for option in options {
      switch option {
      case .min: min = reader.number("min")
      case .max: max = reader.number("max")
      case .whole: isWhole = reader.bool("whole") ?? false
      case .maxBytes: maxBytes = reader.int("max_bytes").map { Int(clamping: $0) }
      case .maxItems: maxItems = reader.int("max_items").map { Int(clamping: $0) }
      case .maxItemBytes: maxItemBytes = reader.int("max_item_bytes").map { Int(clamping: $0) }
      case .required: required = reader.texts("required") ?? []
      case .nested: isNested = reader.bool("nested") ?? false
      case .decimal: isDecimal = reader.bool("decimal") ?? false
      case .nilItems: allowsNilItems = reader.bool("allow_nil_items") ?? false
      case .accept: accept = reader.texts("accept")
      }
    }
    allowsNil = reader.bool("allow_nil") ?? false
    if let value = object["default_value"], !value.isNull { defaultValue = value }
    let others = object.keys.filter {
      ArgumentOption(rawValue: $0.string) == nil && !ArgumentOption.ofAll.contains($0.string)
    }
    if unknown == nil {
      let known = (ArgumentOption.ofAll + options.map(\.rawValue)).sorted().joined(separator: ", ")
      reader.faults += others.map { "\"\($0.cut(bytes: 64))\" is no option; allowed: \(known)" }
    } else {
      unknown?.append(contentsOf: others.map { PlaceText.key($0) })
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
    if isNested { object["nested"] = true }
    if isDecimal { object["decimal"] = true }
    if allowsNil { object["allow_nil"] = true }
    if allowsNilItems { object["allow_nil_items"] = true }
    object["default_value"] = defaultValue
    return object.count == 1 ? .string(ByteText(type.rawValue)) : .object(object)
  }
}
