import GenAPIValue

extension ArgumentSpec {
  /// The declaration as a JSON Schema, draft 2020-12.
  ///
  /// It takes what the gateway takes, but for what a schema cannot say: it counts characters where the gateway counts bytes, and
  /// knows no end of values within each other, nor of a number's digits, of which JSON's reader takes 1 000, nor that whole numbers
  /// beyond 64 bits are written by all their digits; of the items of a map with options it tells no enumeration. `format` is the annotation that it is in that draft:
  /// `pattern` says what is taken.
  ///
  /// - Parameter limits: the gateway's, in force where the declaration has none.
  func schema(_ limits: ArgumentLimits) -> Value {
    var schema = shape(limits)
    // Null stands for nothing, and nothing for the default.
    if !isRequired { schema.takeNull() }
    if let defaultValue { schema["default"] = defaultValue }
    return .object(schema)
  }

  /// True where a request has to have the argument.
  var isRequired: Bool { !allowsNil && defaultValue == nil }

  private func shape(_ limits: ArgumentLimits) -> ValueObject {
    func text(_ bytes: Int? = nil) -> ValueObject {
      ["type": "string", "maxLength": .int(Int64(bytes ?? limits.stringBytes))]
    }
    func list(of items: ValueObject) -> ValueObject {
      var items = among(items)
      if allowsNilItems { items.takeNull() }
      return [
        "type": "array", "maxItems": .int(Int64(maxItems ?? limits.listItems)), "items": .object(items),
      ]
    }
    switch type {
    case .string: return among(text(maxBytes))
    case .num: return among(number)
    case .boolean: return ["type": "boolean"]
    case .datetime: return TextSchema.datetime
    case .naiveDatetime: return TextSchema.naiveDatetime
    case .date: return TextSchema.date
    case .uuid: return TextSchema.uuid
    case .any: return isDecimal ? decimal : any(limits)
    case .map: return map(limits)
    case .list where isDecimal: return list(of: decimal)
    case .list: return list(of: SharedSchema.scalar(bytes: maxItemBytes ?? limits.stringBytes))
    case .listString: return list(of: text(maxItemBytes))
    case .listNum: return list(of: number)
    case .listUUID: return list(of: TextSchema.uuid)
    case .listMap: return list(of: Self.plainMap(limits.mapItems))
    }
  }

  /// The same of an enumeration, with its cases.
  private func among(_ schema: ValueObject) -> ValueObject {
    guard let cases = cases.values else { return schema }
    var schema = schema
    schema["enum"] = .array(cases)
    return schema
  }

  /// What is in it is bounded as what a map without options holds.
  private func any(_ limits: ArgumentLimits) -> ValueObject {
    var schema: ValueObject =
      isRequired ? ["type": ["boolean", "number", "string", "array", "object"]] : [:]
    schema["maxLength"] = .int(Int64(maxBytes ?? limits.stringBytes))
    schema["maxItems"] = .int(Int64(maxItems ?? limits.listItems))
    schema["items"] = SharedSchema.nested.reference
    schema["maxProperties"] = .int(Int64(maxItems ?? limits.mapItems))
    schema["additionalProperties"] = SharedSchema.nested.reference
    return schema
  }

  /// The bounds of one that is sent as text are beyond what a schema can say.
  private var decimal: ValueObject {
    var schema: ValueObject = [
      "type": ["number", "string"], "maxLength": 200,
      "pattern": "^-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?$",
    ]
    schema["minimum"] = min
    schema["maximum"] = max
    return schema
  }

  private var number: ValueObject {
    var schema: ValueObject = ["type": isWhole ? "integer" : "number"]
    if !isWhole || isWide {
      schema["minimum"] = min
      schema["maximum"] = max
      return schema
    }
    // A whole number is one of 64 bits.
    let (lowest, highest) = (Value.int(.min), Value.int(.max))
    schema["minimum"] = min.map { NumberRange.isBelow($0, lowest) ? lowest : $0 } ?? lowest
    schema["maximum"] = max.map { NumberRange.isBelow(highest, $0) ? highest : $0 } ?? highest
    return schema
  }

  private static func plainMap(_ keys: Int) -> ValueObject {
    [
      "type": "object", "maxProperties": .int(Int64(keys)),
      "additionalProperties": SharedSchema.nested.reference,
    ]
  }

  private func map(_ limits: ArgumentLimits) -> ValueObject {
    guard !isPlain else { return Self.plainMap(maxItems ?? limits.mapItems) }
    var schema: ValueObject = [
      "type": "object", "maxProperties": .int(Int64(maxItems ?? limits.mapItems)),
    ]
    if !required.isEmpty { schema["required"] = .array(required.map(Value.string)) }
    if let accept {
      var properties = ValueObject()
      for key in accept { properties[key] = SharedSchema.flat.reference }
      schema["properties"] = .object(properties)
      schema["additionalProperties"] = false
    } else {
      schema["additionalProperties"] = SharedSchema.flat.reference
    }
    return schema
  }
}

extension ValueObject {
  /// Makes a schema take null too.
  fileprivate mutating func takeNull() {
    if let type = self["type"] { self["type"] = .array((type.array ?? [type]) + ["null"]) }
    if let cases = self["enum"]?.array { self["enum"] = .array(cases + [.null]) }
  }
}

/// Texts of a form.
private enum TextSchema {
  static let uuid = text("uuid", "[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
  static let date = text("date", day)
  static let datetime = text("date-time", "\(day)\(clock)\(offset)")
  /// Formats of JSON Schema have no time without an offset.
  static let naiveDatetime = text(nil, "\(day)\(clock)(\(offset))?")

  /// The days that each month has, and 29 February in the years that have one: every fourth, of the hundreds every fourth.
  private static let day =
    "-?([0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)"
    + "|02-(0[1-9]|1[0-9]|2[0-8]))|([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)"
  private static let clock = "[Tt ]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.,][0-9]{1,9})?"
  private static let offset = "([Zz]|[+-]([01][0-9]|2[0-3])(:?[0-5][0-9])?)"

  private static func text(_ format: ByteText?, _ pattern: String) -> ValueObject {
    var schema: ValueObject = ["type": "string"]
    schema["format"] = format.map(Value.string)
    schema["pattern"] = .string(ByteText("^\(pattern)$"))
    return schema
  }
}

/// What several arguments of a function refer to.
enum SharedSchema: String, CaseIterable {
  /// A boolean, number, text, or a list of those: what a map with options holds.
  case flat
  /// Any value, each of its parts bounded: what a map without options holds, and a map in a list.
  case nested

  var reference: Value { ["$ref": .string(ByteText("#/$defs/\(rawValue)"))] }

  static func scalar(bytes: Int) -> ValueObject {
    ["type": ["boolean", "number", "string"], "maxLength": .int(Int64(bytes))]
  }

  private func schema(_ limits: ArgumentLimits) -> Value {
    let (bytes, items) = (Value.int(Int64(limits.stringBytes)), Value.int(Int64(limits.listItems)))
    switch self {
    case .flat:
      return [
        "type": ["boolean", "number", "string", "array"], "maxLength": bytes, "maxItems": items,
        "items": .object(Self.scalar(bytes: limits.stringBytes)),
      ]
    case .nested:
      return [
        "maxLength": bytes, "maxItems": items, "items": reference,
        "maxProperties": .int(Int64(limits.mapItems)), "additionalProperties": reference,
      ]
    }
  }

  /// Those that the declarations refer to, as `$defs`; nil when they refer to none.
  static func definitions(of specs: some Collection<ArgumentSpec>, _ limits: ArgumentLimits) -> Value? {
    var object = ValueObject()
    for shared in allCases where specs.contains(where: { $0.refersTo == shared }) {
      object[ByteText(shared.rawValue)] = shared.schema(limits)
    }
    return object.isEmpty ? nil : .object(object)
  }
}

extension ArgumentSpec {
  fileprivate var refersTo: SharedSchema? {
    switch type {
    case .map: isPlain ? .nested : .flat
    case .listMap: .nested
    case .any: isDecimal ? nil : .nested
    default: nil
    }
  }
}
