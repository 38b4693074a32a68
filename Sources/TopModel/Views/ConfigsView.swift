import GenAPITelemetry
import GenAPIValue

/// The configs pane's data.
package struct ConfigsView: Equatable, Sendable {
  /// One service over all gateways.
  package struct Service: Equatable, Sendable, Identifiable {
    package var service: ByteText
    /// What each gateway has, by node name.
    package var versions: [ByteText: ByteText]
    package var functions: Int
    package var disabled: Int
    /// push, pull, local, push+pull.
    package var source: ByteText
    /// Microseconds since the Unix epoch.
    package var lastSuccessAt: Int64?
    package var pullFailures: Int
    package var lastError: ByteText?
    /// By the gateway's name: what its configs name and nothing is registered for there, as `get_user: mfa Users.get`.
    package var unresolved: [ByteText: [ByteText]] = [:]
    /// The last change of version within the last 5 minutes, from and to.
    package var recentChange: ConfigChangeState?
    package var isStale: Bool
    /// What gateways have differently of it.
    package var comparison: ServiceComparison

    package var id: ByteText { service }
    /// Names that nothing is registered for, each once.
    package var unresolvedNames: [ByteText] { Set(unresolved.values.joined()).sorted() }
    /// Gateways disagree about the version, or about a function.
    package var isMismatched: Bool { comparison.isMismatched }

    package init(
      service: ByteText, versions: [ByteText: ByteText] = [:], functions: Int = 0, disabled: Int = 0,
      source: ByteText = "local", lastSuccessAt: Int64? = nil, pullFailures: Int = 0,
      lastError: ByteText? = nil,
      recentChange: ConfigChangeState? = nil, isStale: Bool = false, comparison: ServiceComparison? = nil
    ) {
      self.service = service
      self.versions = versions
      self.functions = functions
      self.disabled = disabled
      self.source = source
      self.lastSuccessAt = lastSuccessAt
      self.pullFailures = pullFailures
      self.lastError = lastError
      self.recentChange = recentChange
      self.isStale = isStale
      self.comparison =
        comparison ?? ServiceComparison(service: service, versions: versions.mapValues { Optional($0) })
    }
  }

  /// A change in one gateway's store.
  package struct Change: Equatable, Sendable {
    package var node: ByteText
    package var change: ConfigChangeState

    package init(node: ByteText, change: ConfigChangeState) {
      self.node = node
      self.change = change
    }
  }

  /// A refused config.
  package struct Failed: Equatable, Sendable {
    package var node: ByteText
    package var config: FailedConfigState

    package init(node: ByteText, config: FailedConfigState) {
      self.node = node
      self.config = config
    }
  }

  package var services: [Service] = []
  /// By service, request type and version; a function that several gateways have stands once.
  package var functions = FunctionList()
  /// Latest first.
  package var changes: [Change] = []
  package var failed: [Failed] = []

  package init() {}
}
