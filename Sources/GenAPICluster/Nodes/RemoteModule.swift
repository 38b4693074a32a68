import GenAPIGateway
import GenAPIValue

/// A module of other nodes, declared once: its functions share where it is, how a node is chosen, how long they may take and
/// how they are tried again, and each may say otherwise.
///
/// ```swift
/// struct Users: Sendable {
///   let find: @Sendable (_ id: String) async throws -> User
///   let rename: @Sendable (_ id: String, _ name: String) async throws -> User
///
///   init(_ cluster: ErlangCluster) {
///     let module = RemoteModule(cluster, "MyApp.Users", on: .list(["app@host1", "app@host2"]), retry: .allNodes(2))
///     find = module.function("find", String.self)
///     rename = module.function("change_name", String.self, String.self) { $0.retry = nil }
///   }
/// }
/// let user = try await Users(cluster).find("123")
/// ```
///
/// The document calls this EasyRpc. A Swift name of one's own is the name of the property, and what others must not call is
/// `private`, as with every Swift type.
public struct RemoteModule: Sendable {
  /// How the functions of a module are called.
  public struct Options: Sendable {
    /// Where the module is.
    public var nodes: RemoteNodes
    /// Which node is asked first.
    public var choice: RemoteNodeChoice
    /// How long one attempt may take, all its nodes together; nil for no bound.
    public var timeout: Duration?
    /// How calls that failed are tried again; nil for not at all.
    public var retry: RetryPolicy?
    /// How long is waited before a call is tried again.
    public var pause: RetryPause
  }

  private let cluster: ErlangCluster
  private let name: ByteText
  /// What its functions have in common.
  public let options: Options

  /// - Parameter name: the module's, as Elixir (`MyApp.Users`) or Erlang (`my_users`) writes it.
  public init(
    _ cluster: ErlangCluster, _ name: ByteText, on nodes: RemoteNodes, choice: RemoteNodeChoice = .random,
    timeout: Duration? = .seconds(5), retry: RetryPolicy? = nil, pause: RetryPause = .growing
  ) {
    self.cluster = cluster
    self.name = name
    options = Options(nodes: nodes, choice: choice, timeout: timeout, retry: retry, pause: pause)
  }

  /// A function of the module, called like one of this program.
  ///
  /// What is called throws `RemoteCallError` when there is no answer, `FunctionError` when it is `{:error, reason}`, and
  /// `DecodingError` when it is of another form.
  ///
  /// - Parameters:
  ///   - function: its name there.
  ///   - parameters: the types of its arguments, in their order.
  ///   - change: what is different for this function.
  public func function<each Parameter: Encodable & Sendable, Answer: Decodable & Sendable>(
    _ function: ByteText, _ parameters: repeat (each Parameter).Type,
    change: (inout Options) -> Void = { _ in }
  ) -> @Sendable (repeat each Parameter) async throws -> Answer {
    var own = options
    change(&own)
    let called = RemoteFunction<Answer>(cluster, FunctionReference(name, function), own)
    return { (arguments: repeat each Parameter) async throws -> Answer in
      var values: [Value] = []
      repeat values.append(try ValueEncoder().encode(each arguments))
      return try await called.call(values)
    }
  }
}
