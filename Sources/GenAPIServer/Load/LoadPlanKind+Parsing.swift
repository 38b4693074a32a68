import GenAPIValue

extension LoadPlan.Kind {
  /// Reads `SERVICE/REQUEST_TYPE`, with arguments as JSON and a weight: `demo/echo={"message":"x"}*3`.
  ///
  /// - Throws: `CalledFunctionError` that says what is wrong.
  package init(parsing text: String) throws(CalledFunctionError) {
    var rest = text.utf8[...]
    var weight = 1
    if let star = rest.lastIndex(of: UInt8(ascii: "*")),
      let number = Int(Substring(rest[rest.index(after: star)...]))
    {
      weight = number
      rest = rest[..<star]
    }
    let parts = rest.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
    let function = try CalledFunction(parsing: String(Substring(parts[0])))
    let args =
      parts.count > 1 ? try CalledFunction.arguments(parsing: String(Substring(parts[1]))) : ValueObject()
    self.init(service: function.service, requestType: function.requestType, args: args, weight: weight)
  }
}
