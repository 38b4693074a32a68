/// How a line of the log is written.
package enum LogFormat: String, Sendable, CaseIterable {
  /// For people: time, level, logger, message, and `key=value`. Where the systemd journal reads, which has a time and
  /// a priority of its own, the same as `journald`.
  case text
  /// One JSON object a line.
  case json
  /// Text with a priority before it, `<3>`, and without a time: sd-daemon(3), systemd's `SyslogLevelPrefix`.
  case journald
}
