// The names are those of the JSON document, so that its schema can be read off this file.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import GenAPITelemetry
import GenAPIValue

/// What `--once --json` prints: the exact numbers of all gateways at one moment. Cumulative since each gateway
/// started; times are microseconds since the Unix epoch.
public struct ClusterSummary: Encodable, Sendable {
  public struct Node: Encodable, Sendable {
    public var name: ByteText
    public var address: ByteText
    public var up: Bool
    public var software: ByteText?
    public var error: ByteText?
    public var uptime_ms: Int64
    public var cpu_seconds: Double
    public var resident_bytes: Int64
    public var sockets: Int
    public var lost: Int64
  }

  public struct Series: Encodable, Sendable {
    public var service: ByteText
    public var request_type: ByteText
    public var version: ByteText?
    public var requests: Int64
    public var ok: Int64
    public var failed: Int64
    public var rejected: Int64
    public var in_flight: Int64
    public var outcomes: [ByteText: Int64]
    public var retries: Int64
    public var p50_us: Int64?
    public var p95_us: Int64?
    public var p99_us: Int64?
    public var max_us: Int64?
    public var last_error: ByteText?
  }

  public struct Totals: Encodable, Sendable, Equatable {
    public var requests: Int64 = 0
    public var ok: Int64 = 0
    public var failed: Int64 = 0
    public var exceptions: Int64 = 0
    public var rejected: Int64 = 0
    public var in_flight: Int64 = 0
    public var invalid: Int64 = 0
    public var retries: Int64 = 0
    public var events_emitted: Int64 = 0
    public var events_dropped: Int64 = 0
  }

  /// Something of one gateway.
  public struct Placed<Entry: Encodable & Sendable>: Encodable, Sendable {
    public var node: ByteText
    public var state: Entry
  }

  public struct RateLimits: Encodable, Sendable {
    public var limits: [Placed<LimitState>]
    public var hot_keys: [Placed<HotKeyState>]
  }

  public struct Configs: Encodable, Sendable {
    public var services: [Placed<ServiceState>]
    public var functions: [Placed<FunctionState>]
    public var failed: [Placed<FailedConfigState>]
  }

  public var at: Int64
  public var nodes: [Node]
  /// How often each event was emitted, by its full path.
  public var events_seen: [ByteText: Int64]
  public var totals: Totals
  /// Over all gateways.
  public var series: [Series]
  public var pools: [Placed<PoolState>]
  public var breakers: [Placed<BreakerState>]
  public var rate_limits: RateLimits
  public var configs: Configs
  public var relay: [Placed<GroupState>]
  public var service_nodes: [Placed<ServiceNodeState>]
  /// Events that did not reach this dashboard.
  public var lost: Int64
  /// Names, texts and entries that were too long or too many to be kept.
  public var cut: Int64
}
