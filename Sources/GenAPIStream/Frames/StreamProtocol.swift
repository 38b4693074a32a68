/// The numbers both sides of the telemetry stream agree on. Described for other languages in `docs/stream.md`.
public enum StreamProtocol {
  /// The version that `hello` and `recording` name.
  public static let version = 1
  /// The address on which gateways listen by default.
  public static let defaultHost = "127.0.0.1"
  /// The port on which gateways listen by default.
  public static let defaultPort = 4710
  /// The longest line either side sends or accepts, in bytes without its end: 1 MiB.
  public static let maximumLineBytes = 1 << 20
  /// How often a client may ask for `state` frames, in milliseconds.
  public static let intervalRange = 100...60_000
  /// How often `state` comes when nothing else was asked for, in milliseconds.
  public static let defaultIntervalMs = 1_000
  /// A side that sent nothing for so long sends a `ping`, in milliseconds.
  public static let pingAfterMs: Int64 = 15_000
  /// A side that heard nothing for so long closes, in milliseconds.
  public static let idleTimeoutMs: Int64 = 45_000
}
