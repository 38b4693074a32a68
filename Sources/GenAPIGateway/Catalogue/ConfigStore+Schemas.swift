import GenAPIValue

extension ConfigStore {
  /// What can be called, for programs that make clients, forms or documents of it: every version of every enabled function,
  /// with a JSON Schema (draft 2020-12) of its arguments.
  ///
  /// `{"schema": "https://json-schema.org/draft/2020-12/schema", "functions": [{"service", "request_type", "version",
  /// "description", "response_type", "arguments"}]}`, ordered by service, request type and version; `version` and
  /// `description` are absent where there is none. Each `arguments` is a schema of its own, with its `$defs`. Who may call a
  /// function is not told.
  ///
  /// - Parameters:
  ///   - service: nil for all services.
  ///   - limits: the gateway's bounds of arguments, in force where a declaration has none.
  public func schemas(of service: ByteText? = nil, limits: ArgumentLimits = ArgumentLimits()) -> Value {
    [
      "schema": "https://json-schema.org/draft/2020-12/schema",
      "functions": .array(
        configs(of: service).lazy.filter { !$0.disabled }.map { $0.schema(limits) }),
    ]
  }
}

extension FunctionConfig {
  func schema(_ limits: ArgumentLimits) -> Value {
    var properties = ValueObject()
    let sorted = arguments.sorted { $0.key < $1.key }
    for (name, spec) in sorted { properties[name] = spec.schema(limits) }
    var object: ValueObject = [
      "service": .string(service), "request_type": .string(requestType),
      "response_type": .string(ByteText(responseType.rawValue)),
    ]
    object["version"] = version.map(Value.string)
    object["description"] = description.map(Value.string)
    var schema: ValueObject = [
      "type": "object", "properties": .object(properties),
      "required": .array(sorted.filter { $0.value.isRequired }.map { .string($0.key) }),
    ]
    // What a function without arguments is sent is passed over, whatever it is.
    if !arguments.isEmpty { schema["additionalProperties"] = false }
    schema["$defs"] = SharedSchema.definitions(of: arguments.values, limits)
    object["arguments"] = .object(schema)
    return .object(object)
  }
}
