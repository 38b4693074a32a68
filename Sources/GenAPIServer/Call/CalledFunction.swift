import GenAPIValue

/// A function as a person writes it on a command line: `demo/echo`.
package struct CalledFunction: Sendable, Equatable {
  package var service: ByteText
  package var requestType: ByteText

  /// - Throws: `CalledFunctionError` that says what would be right.
  package init(parsing text: String) throws(CalledFunctionError) {
    let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
      throw CalledFunctionError("\"\(text)\" must be SERVICE/REQUEST_TYPE, such as demo/echo")
    }
    service = ByteText(Substring(parts[0]))
    requestType = ByteText(Substring(parts[1]))
  }

  /// Reads arguments.
  ///
  /// - Throws: `CalledFunctionError` when they are no JSON object, with the place.
  package static func arguments(parsing text: String) throws(CalledFunctionError) -> ValueObject {
    let value: Value
    do {
      value = try Value(json: text)
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
