import GenAPIValue

extension ArgumentSpec {
  /// The declaration as a JSON Schema, draft 2020-12.
  ///
  /// What it refuses the gateway refuses, too; not the other way round: a schema counts characters where the gateway counts
  /// bytes, and says nothing of the calendar.
  ///
  /// - Parameter limits: the gateway's, in force where the declaration has none.
  func schema(_ limits: ArgumentLimits) -> Value {
    var schema = shape(limits)
    if allowsNil, let type = schema["type"] { schema["type"] = [type, "null"] }
    if let defaultValue { schema["default"] = defaultValue }
    return .object(schema)
  }

  /// True where a request has to have the argument.
  var isRequired: Bool { !allowsNil && defaultValue == nil }

  private func shape(_ limits: ArgumentLimits) -> ValueObject {
    func text(_ bytes: Int? = nil) -> ValueObject {
      ["type": "string", "maxLength": .int(Int64(bytes ?? limits.stringBytes))]
    }
    var number: ValueObject = ["type": isWhole ? "integer" : "number"]
    number["minimum"] = min
    number["maximum"] = max
    func list(of items: ValueObject) -> ValueObject {
      ["type": "array", "maxItems": .int(Int64(maxItems ?? limits.listItems)), "items": .object(items)]
    }
    switch type {
    case .string: return text(maxBytes)
    case .num: return number
    case .boolean: return ["type": "boolean"]
    case .datetime: return ["type": "string", "format": "date-time"]
    // Formats of JSON Schema have no time without an offset.
    case .naiveDatetime: return ["type": "string", "pattern": "^-?[0-9]{4,}-[0-9]{2}-[0-9]{2}[T ]"]
    case .date: return ["type": "string", "format": "date"]
    case .uuid: return ["type": "string", "format": "uuid"]
    case .any: return [:]
    case .map: return map(limits)
    case .list: return list(of: [:])
    case .listString: return list(of: text(maxItemBytes))
    case .listNum: return list(of: number)
    case .listUUID: return list(of: ["type": "string", "format": "uuid"])
    case .listMap: return list(of: ["type": "object"])
    }
  }

  private func map(_ limits: ArgumentLimits) -> ValueObject {
    var schema: ValueObject = [
      "type": "object", "maxProperties": .int(Int64(maxItems ?? limits.mapItems)),
    ]
    if !required.isEmpty { schema["required"] = .array(required.map(Value.string)) }
    if let accept {
      var properties = ValueObject()
      for key in accept { properties[key] = .object([:]) }
      schema["properties"] = .object(properties)
      schema["additionalProperties"] = false
    }
    return schema
  }
}
