import Foundation
import GenAPIGateway
import Locking
import OutsideText

/// How often the configuration was read again, and how that went. Used from every thread.
package final class ReloadLog: Sendable {
  package struct State: Sendable, Equatable {
    package var succeeded: Int64 = 0
    package var failed: Int64 = 0
    /// Whether what is in force is what the files say, as far as was last looked.
    package var isLastGood: Bool { lastFault == nil }
    /// What was wrong at the last reading, the first ten things at most, and of how many; nil when nothing was.
    package var lastFault: String?
    /// When the configuration in force was read, in seconds since the Unix epoch.
    package var lastGoodAt: Double = 0
    /// Since when it is being read; nil while it is not.
    package var readingSince: Double?
    /// When it was last read, or tried to be.
    package var lastAt: Double = 0
    package var certificates: [CertificateUse] = []
    /// Settings that say something else than what is in force until a restart, since whichever reload.
    package var waiting: [String] = []
    /// Files of the configuration in force that were removed since it was read, as far as anybody looks.
    package var missing: [String] = []
  }

  /// Bytes of a fault that are kept.
  private static let longestFault = 500
  /// Faults that are told, and their bytes together.
  private static let mostFaults = 10
  private static let mostFaultBytes = 900

  private let current: Mutex<State>
  private let now: @Sendable () -> Double

  init(
    certificates: [CertificateUse], now: @escaping @Sendable () -> Double = { Date().timeIntervalSince1970 }
  ) {
    self.now = now
    let start = now()
    current = Mutex(State(lastGoodAt: start, lastAt: start, certificates: certificates))
  }

  package var state: State { current.withLock { $0 } }

  /// How many readings there were.
  var mark: Int64 { current.withLock { $0.succeeded + $0.failed } }

  /// It is being read from now on; `failed` or `applied` says what came of it.
  package func begins() { current.withLock { $0.readingSince = now() } }

  /// It was read while it was written: nothing came of it, and it is read again.
  package func putOff() { current.withLock { $0.readingSince = nil } }

  /// The configuration could not be read, and stays as it is.
  package func failed(_ error: any Error) {
    let faults = (error as? ConfigurationFaultList)?.faults.map(\.description) ?? ["\(error)"]
    current.withLock { state in
      state.failed += 1
      state.readingSince = nil
      state.lastFault = Self.first(faults)
      state.lastAt = now()
    }
  }

  /// It was read, and is in force but for the faults.
  func applied(_ certificates: [CertificateUse], faults: [String], waiting: [String] = []) {
    current.withLock { state in
      state.waiting = waiting
      state.readingSince = nil
      state.lastFault = Self.first(faults)
      state.lastAt = now()
      if faults.isEmpty {
        state.succeeded += 1
        state.lastGoodAt = state.lastAt
      } else {
        state.failed += 1
      }
      state.certificates = certificates
    }
  }

  /// These files of the configuration in force are not there any more; all others are.
  package func tellMissing(_ paths: [String]) { current.withLock { $0.missing = paths } }

  /// Whether a reload or a restart would find the files that it needs; nil while they are all there.
  var missingCheck: HealthCheck? {
    let missing = state.missing
    guard !missing.isEmpty else { return nil }
    let names = missing.prefix(5).map { $0.cut(bytes: Self.longestFault).shown }.joined(separator: ", ")
    let more = missing.count > 5 ? " and \(missing.count - 5) more" : ""
    return HealthCheck(
      "missing_files", .degraded,
      "\(names)\(more) \(missing.count == 1 ? "was" : "were") removed: what is in force stays until a reload or a restart, "
        + "which fails without \(missing.count == 1 ? "it" : "them")")
  }

  /// The part of the gateway's health that it is.
  var check: HealthCheck {
    let state = state
    let last = Self.time(state.lastAt)
    let reading = state.readingSince.map { "; being read again since \(Self.time($0))" } ?? ""
    guard let fault = state.lastFault else {
      let word = state.succeeded + state.failed == 0 ? "start" : "last reload"
      let waiting =
        state.waiting.isEmpty
        ? "" : "; waits for a restart: \(state.waiting.joined(separator: ", ").cut(bytes: Self.longestFault))"
      return HealthCheck("configuration", .ok, "in force as read at the \(word), \(last)\(waiting)\(reading)")
    }
    return HealthCheck(
      "configuration", .degraded,
      "the last reload, \(last), failed: \(fault); in force is what was read at \(Self.time(state.lastGoodAt))"
        + reading)
  }

  /// The certificates that are shown, by when they expire; nil without one.
  var certificateCheck: HealthCheck? {
    let certificates = state.certificates.filter { $0.expiresAt != nil }
    guard !certificates.isEmpty else { return nil }
    let now = Int64(now())
    let late = certificates.filter { $0.expiresAt!.saturatingSubtract(now) < Self.lateSeconds }
    guard !late.isEmpty else {
      let first = certificates.map { $0.expiresAt! }.min()!
      return HealthCheck("certificates", .ok, "the first expires at \(Self.time(Double(first)))")
    }
    let names = late.map { certificate in
      let time = Self.time(Double(certificate.expiresAt!))
      return certificate.expiresAt! <= now
        ? "\(certificate.path.shown) (\(certificate.use)) has expired at \(time)"
        : "\(certificate.path.shown) (\(certificate.use)) expires at \(time)"
    }
    return HealthCheck("certificates", .degraded, names.joined(separator: "; "))
  }

  /// Whoever renews a certificate has done so a week before.
  private static let lateSeconds: Int64 = 7 * 86_400

  /// One line, for people.
  private static func first(_ faults: [String]) -> String? {
    guard !faults.isEmpty else { return nil }
    let first = faults.prefix(mostFaults)
    var room = mostFaultBytes
    // Long ones leave the others their room; what short ones leave is for those behind them.
    let told = first.enumerated().map { index, fault in
      let text = fault.cut(bytes: min(longestFault, room / (first.count - index))).shown
      room = max(0, room - text.utf8.count)
      return text
    }
    return told.joined(separator: "; ")
      + (faults.count > told.count ? " (and \(faults.count - told.count) more)" : "")
  }

  private static func time(_ seconds: Double) -> String {
    Date(timeIntervalSince1970: seconds).formatted(.iso8601)
  }
}
