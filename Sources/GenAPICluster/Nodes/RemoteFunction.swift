import ErlangNode
import GenAPIGateway
import GenAPIValue

/// A function of other nodes that is called as if it were one of this program.
///
/// ```swift
/// let findUser = RemoteFunction<User>(node, "MyApp.Users.find", on: ["app@host1", "app@host2"])
/// let user = try await findUser("123")
/// ```
public struct RemoteFunction<Answer: Decodable & Sendable>: Sendable {
  private let cluster: ErlangCluster
  private let reference: FunctionReference
  private let nodes: [String]
  public var timeoutMs: Int64? = 5_000
  /// How often it is tried again, on the next node, when a node cannot be reached.
  public var retries = 0

  /// - Parameter name: `Module.function`; `nil` results when there is no dot in it.
  public init?(_ cluster: ErlangCluster, _ name: String, on nodes: [String]) {
    guard let reference = FunctionReference(parsing: name), !nodes.isEmpty else { return nil }
    self.cluster = cluster
    self.reference = reference
    self.nodes = nodes
  }

  /// - Throws: `RemoteCallError` when there is no answer, `FunctionError` when it is `{:error, reason}`,
  ///   `DecodingError` when it is of another form.
  public func callAsFunction(_ arguments: (any Encodable & Sendable)...) async throws -> Answer {
    let values = try arguments.map { try ValueEncoder().encode($0) }
    let order = nodes.shuffled()
    var last: any Error = RemoteCallError.unreachable("no node")
    for attempt in 0...min(max(0, retries), 100) {
      do {
        let call = FunctionCall(arguments: values)
        switch try await cluster.call(reference, call, on: order[attempt % order.count], timeoutMs: timeoutMs)
        {
        case .ok(let value): return try ValueDecoder().decode(Answer.self, from: value)
        case .error(let error): throw error
        }
      } catch RemoteCallError.unreachable(let reason) {
        last = RemoteCallError.unreachable(reason)
      }
    }
    throw last
  }
}
