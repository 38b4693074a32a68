import GenAPIValue

/// Names a function to call, and the arguments that come before the request's own.
public struct FunctionReference: Sendable, Hashable, CustomStringConvertible {
  /// `MyApp.Api`
  public var module: ByteText
  /// `get_user`
  public var function: ByteText
  /// What is passed before the call's own arguments.
  public var arguments: [Value]
  /// The same as the node that gave them wrote them: a list in Erlang's External Term Format, which goes back as it came. nil
  /// when `arguments` say all of it; they are then its readable form.
  public var terms: [UInt8]?

  /// Makes a reference to a function of a module.
  public init(_ module: ByteText, _ function: ByteText, _ arguments: [Value] = [], terms: [UInt8]? = nil) {
    self.module = module
    self.function = function
    self.arguments = arguments
    self.terms = terms
  }

  /// From `Module.function`: the last dot divides; `:module.function`, as Elixir writes a module of Erlang, is `module.function`.
  /// The version in the name of an endpoint's function, as in `Swift.users.get@1.2.3`, is part of the function. nil when a part is missing.
  public init?(parsing text: ByteText) {
    let text = text.dropping(prefix: ":") ?? text
    guard let dot = text.utf8[..<Self.version(in: text)].lastIndex(of: UInt8(ascii: ".")) else { return nil }
    let module = text.string[..<dot]
    let function = text.string[text.utf8.index(after: dot)...]
    guard !module.utf8.isEmpty, !function.utf8.isEmpty else { return nil }
    self.init(ByteText(module), ByteText(function))
  }

  /// Where the version begins in the name of an endpoint's function; the end of any other.
  private static func version(in name: ByteText) -> String.Index {
    guard name.hasPrefix("Swift.") else { return name.utf8.endIndex }
    return name.utf8.firstIndex(of: UInt8(ascii: "@")) ?? name.utf8.endIndex
  }

  /// The name of an endpoint's function, hook or callback without its version, and without what kind it is: `Swift.users.get`; nil of any
  /// other function.
  var endpointName: ByteText? {
    guard module.hasPrefix("Swift.") else { return nil }
    let name = self.name
    let end = min(
      Self.version(in: name), name.utf8.firstIndex(of: UInt8(ascii: "#")) ?? name.utf8.endIndex)
    return ByteText(name.string[..<end])
  }

  /// `Module.function`, without the arguments.
  public var name: ByteText { "\(module).\(function)" }

  public var description: String { name.string }
}
