import GenAPIValue
import Locking

extension Endpoint {
  /// The function with the middleware around it: without any the function itself.
  var function: FunctionRegistry.Function {
    var function = makeFunction(options.coding ?? ValueCoding())
    guard !options.middleware.isEmpty else { return function }
    let check = PassedArguments(self)
    for middleware in options.middleware.reversed() {
      let next = function
      function = { call in
        let mistake = ClientMistake()
        do {
          return try await middleware(call) { passed in
            let isOwn = passed.arguments == call.arguments
            do {
              return try await next(isOwn ? passed : try check.checked(passed))
            } catch let error as ArgumentError {
              // Of other arguments than the client's own it is no mistake of the client's.
              guard isOwn else {
                throw FunctionError("middleware passed on wrong arguments: \(ByteText(error.description))")
              }
              mistake.note(error)
              throw error
            }
          }
        } catch let error as FunctionError where error.isForClient {
          return .error(error)
        } catch let error as ArgumentError where !mistake.was(error) {
          // Not of what the client sent: the client would look for its mistake in vain.
          throw FunctionError("middleware threw an ArgumentError: \(ByteText(error.description))")
        }
      }
    }
    return function
  }
}

/// What the function within a middleware found wrong in its arguments.
private final class ClientMistake: Sendable {
  private let error = Mutex<ArgumentError?>(nil)

  func note(_ found: ArgumentError) { error.withLock { $0 = found } }
  func was(_ thrown: ArgumentError) -> Bool { error.withLock { $0 } == thrown }
}
