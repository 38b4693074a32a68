import GenAPIValue
import TopModel

/// The names there are, each once and sorted.
public struct ScreenNames: Equatable, Sendable {
  public struct Function: Hashable, Sendable {
    public var service: ByteText
    public var requestType: ByteText
  }

  public var services: [ByteText] = []
  public var functions: [Function] = []
  public var versions: [ByteText] = []
  public var nodes: [ByteText] = []

  public init() {}

  public init(requests: [RequestRow], nodes: [NodeRow]) {
    functions = Set(requests.map { Function(service: $0.service, requestType: $0.requestType) })
      .sorted { ($0.service, $0.requestType) < ($1.service, $1.requestType) }
    services = Set(requests.map(\.service)).sorted()
    versions = Set(requests.compactMap(\.version)).sorted()
    self.nodes = Set(nodes.map(\.name)).sorted()
  }
}
