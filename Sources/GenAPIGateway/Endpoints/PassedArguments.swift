import GenAPIValue

/// Checks arguments that middleware passes on in the place of the client's by the endpoint's declarations, as those of a before hook are.
struct PassedArguments: Sendable {
  private let plan: ArgumentPlan
  /// How many of a call's arguments are the function's: one object, or one for each.
  private let count: Int
  private let converter: ArgumentConverter

  init(_ endpoint: Endpoint) {
    plan = ArgumentPlan(
      FunctionConfig(
        service: "", requestType: endpoint.requestType, function: FunctionReference("", ""),
        arguments: endpoint.arguments, argumentOrder: endpoint.argumentOrder))
    count = plan.order.isEmpty ? 0 : plan.isMap ? 1 : plan.order.count
    // Only what is declared: whoever serves the endpoint has bounds of its own, which are for clients.
    var limits = ArgumentLimits()
    (limits.stringBytes, limits.listItems, limits.mapItems) = (.max, .max, .max)
    converter = ArgumentConverter(limits: limits)
  }

  /// The call with its arguments as their declarations have them; what follows them, as a config may ask for, stays.
  ///
  /// - Throws: `ArgumentError` that names the first one at fault and the bound.
  func checked(_ call: FunctionCall) throws(ArgumentError) -> FunctionCall {
    let given = call.arguments.count
    guard given == count || call.hasRequestInfo && given == count + 1 else {
      throw ArgumentError("\(given) arguments instead of \(count)")
    }
    var named = ValueObject()
    if plan.isMap {
      guard count == 0 || call.arguments[0].object != nil else {
        throw ArgumentError("the arguments must be an object")
      }
      named = call.arguments.first?.object ?? [:]
    } else {
      for (declaration, value) in zip(plan.order, call.arguments) { named[declaration.name] = value }
    }
    var checked: [Value] = []
    try converter.append(
      Request(service: "", requestType: "", requestID: "", args: named), by: plan, to: &checked)
    var call = call
    call.arguments.replaceSubrange(..<count, with: checked)
    return call
  }
}
