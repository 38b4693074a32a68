import GenAPITelemetry
import GenAPIValue

/// A function as a person writes it on a command line: `demo/echo`.
package struct CalledFunction: Sendable, Equatable {
  package var service: ByteText
  package var requestType: ByteText

  /// The first stroke divides; one in a service's name is written `\/`, as `ctl` reads it and lists show it.
  ///
  /// - Throws: `CalledFunctionError` that says what would be right.
  package init(parsing text: String) throws(CalledFunctionError) {
    guard let (service, requestType) = FunctionPath.parts(of: ByteText(text)), !service.isEmpty,
      !requestType.isEmpty
    else { throw CalledFunctionError("\"\(text)\" must be SERVICE/REQUEST_TYPE, such as demo/echo") }
    (self.service, self.requestType) = (service, requestType)
  }

  /// Reads arguments.
  ///
  /// - Throws: `CalledFunctionError` when they are no JSON object, with the place.
  package static func arguments(parsing text: String) throws(CalledFunctionError) -> ValueObject {
    let value: Value
    do {
      value = try Value(written: text.utf8)
    } catch {
      throw CalledFunctionError("the arguments \(text) are no JSON: \(error)")
    }
    guard let object = value.object else {
      throw CalledFunctionError(
        "the arguments must be a JSON object, such as {\"message\":\"hi\"}, not \(text)")
    }
    return object
  }
}

/// Why a text names no function or its arguments.
package struct CalledFunctionError: Error, Sendable, Equatable, CustomStringConvertible {
  package var description: String

  init(_ description: String) { self.description = description }
}
