import GenAPIValue

extension FunctionRegistry {
  /// The result after a config's encoder: a function that gets it in front of the reference's own arguments. An error is
  /// no result.
  func encoded(_ result: FunctionResult, by encoder: FunctionReference) async throws -> FunctionResult {
    guard case .ok(let value) = result else { return result }
    guard let function = function(encoder) else {
      return .error(.encoding("no function is registered as \(encoder.name)"))
    }
    do {
      let answer = try await function(FunctionCall(arguments: [value] + encoder.arguments))
      guard case .error(let error) = answer else { return answer }
      return .error(.encoding(error.reason))
    } catch {
      if error.isOfCancelledTask { throw error }
      return .error(.encoding("\(error)"))
    }
  }
}

extension FunctionError {
  /// Why there is no encoded result. It is said once, also of an encoder that says so itself.
  package static func encoding(_ reason: ByteText) -> FunctionError {
    let prefix: ByteText = "result encoding failed: "
    return FunctionError(reason.hasPrefix(prefix) ? reason : prefix + reason)
  }
}
