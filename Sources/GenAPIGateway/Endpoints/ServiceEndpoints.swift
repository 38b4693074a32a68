import GenAPIValue

/// The endpoints of a service.
///
/// ```swift
/// let users = ServiceEndpoints("user_service") {
///   Endpoint("get_user", Argument("user_id", String.self)) { id in try await store.user(id) }
///   Endpoint(performing: "rename", Argument("user_id", String.self), Argument("name", String.self)) { id, name in
///     try await store.rename(id, name)
///   }
/// }
/// try gateway.register(users)
/// ```
public struct ServiceEndpoints: EndpointOptionsOwner {
  /// The service's name.
  public let service: ByteText
  private let listed: [Endpoint]
  /// What is said of all endpoints that say nothing of their own.
  public var options = EndpointOptions()

  /// Makes a service of the endpoints that the closure lists.
  public init(_ service: ByteText, @EndpointBuilder _ endpoints: () throws -> [Endpoint]) rethrows {
    self.service = service
    listed = try endpoints()
  }

  /// Each with what is said of all.
  public var endpoints: [Endpoint] { listed.map { $0.within(options) } }

  /// The configs, for calls that run on `nodes`.
  public func configs(nodes: NodeSource = .local) -> [FunctionConfig] {
    endpoints.map { $0.config(service: service, nodes: nodes) }
  }

  /// What a service node pushes to a gateway.
  public func pushConfig(nodes: [ByteText], version: ByteText, token: ByteText? = nil) -> PushConfig {
    PushConfig(
      service: service, nodes: nodes, configVersion: version, functions: configs(nodes: .list(nodes)),
      token: token)
  }
}

/// Collects the endpoints written one below the other.
@resultBuilder
public enum EndpointBuilder {
  /// Takes an endpoint, or several.
  public static func buildExpression(_ endpoint: Endpoint) -> [Endpoint] { [endpoint] }
  /// Takes an endpoint, or several.
  public static func buildExpression(_ endpoints: [Endpoint]) -> [Endpoint] { endpoints }
  /// Joins the endpoints of a block.
  public static func buildBlock(_ parts: [Endpoint]...) -> [Endpoint] { parts.flatMap { $0 } }
  /// Takes the endpoints of an `if`.
  public static func buildOptional(_ part: [Endpoint]?) -> [Endpoint] { part ?? [] }
  /// Takes the endpoints of an `if` that has an `else`.
  public static func buildEither(first: [Endpoint]) -> [Endpoint] { first }
  /// Takes the endpoints of an `else`.
  public static func buildEither(second: [Endpoint]) -> [Endpoint] { second }
  /// Joins the endpoints of a `for`.
  public static func buildArray(_ parts: [[Endpoint]]) -> [Endpoint] { parts.flatMap { $0 } }
}
