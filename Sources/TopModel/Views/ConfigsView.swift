import GenAPITelemetry
import GenAPIValue

/// The configs pane's data.
public struct ConfigsView: Equatable, Sendable {
  /// One service over all gateways.
  public struct Service: Equatable, Sendable, Identifiable {
    public var service: ByteText
    /// What each gateway has, by node name.
    public var versions: [ByteText: ByteText]
    public var functions: Int
    public var disabled: Int
    /// push, pull, local, push+pull.
    public var source: ByteText
    /// Microseconds since the Unix epoch.
    public var lastSuccessAt: Int64?
    public var pullFailures: Int
    public var lastError: ByteText?
    /// The last change of version within the last 5 minutes, from and to.
    public var recentChange: ConfigChangeState?
    public var isStale: Bool
    /// Gateways that are not silent have its functions differently.
    public var differs = false

    public var id: ByteText { service }
    /// Gateways disagree about the version.
    public var isMismatched: Bool { Set(versions.values).count > 1 }
    /// Gateways disagree about the version, or about a function.
    public var isDisagreed: Bool { isMismatched || differs }

    public init(
      service: ByteText, versions: [ByteText: ByteText] = [:], functions: Int = 0, disabled: Int = 0,
      source: ByteText = "local", lastSuccessAt: Int64? = nil, pullFailures: Int = 0,
      lastError: ByteText? = nil,
      recentChange: ConfigChangeState? = nil, isStale: Bool = false
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
    }
  }

  /// A change in one gateway's store.
  public struct Change: Equatable, Sendable {
    public var node: ByteText
    public var change: ConfigChangeState

    public init(node: ByteText, change: ConfigChangeState) {
      self.node = node
      self.change = change
    }
  }

  /// A refused config.
  public struct Failed: Equatable, Sendable {
    public var node: ByteText
    public var config: FailedConfigState

    public init(node: ByteText, config: FailedConfigState) {
      self.node = node
      self.config = config
    }
  }

  public var services: [Service] = []
  /// By service, request type and version; a function that several gateways have stands once.
  public var functions: [FunctionState] = []
  /// Latest first.
  public var changes: [Change] = []
  public var failed: [Failed] = []

  public init() {}
}
