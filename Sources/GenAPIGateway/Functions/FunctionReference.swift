import GenAPIValue

/// Names a function to call, and the arguments that come before the request's own.
public struct FunctionReference: Sendable, Hashable, CustomStringConvertible {
  /// `MyApp.Api`
  public var module: String
  /// `get_user`
  public var function: String
  public var arguments: [Value]

  public init(_ module: String, _ function: String, _ arguments: [Value] = []) {
    self.module = module
    self.function = function
    self.arguments = arguments
  }

  /// From `Module.function`: the last dot divides. nil when a part is missing.
  public init?(parsing text: String) {
    guard let dot = text.lastIndex(of: "."), dot != text.startIndex, text.index(after: dot) != text.endIndex
    else { return nil }
    self.init(String(text[..<dot]), String(text[text.index(after: dot)...]))
  }

  /// `Module.function`, without the arguments.
  public var name: String { module + "." + function }

  public var description: String { name }
}
