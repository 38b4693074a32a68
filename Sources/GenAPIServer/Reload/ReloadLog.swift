import Foundation
import Synchronization

/// How often the configuration was read again, and how that went. Used from every thread.
public final class ReloadLog: Sendable {
  public struct State: Sendable, Equatable {
    public var succeeded: Int64 = 0
    public var failed: Int64 = 0
    /// Whether what is in force is what the files say, as far as was last looked.
    public var isLastGood = true
    /// When the configuration in force was read, in seconds since the Unix epoch.
    public var lastGoodAt: Double = 0
    public var certificates: [CertificateUse] = []
  }

  private let current: Mutex<State>

  init(certificates: [CertificateUse]) {
    current = Mutex(State(lastGoodAt: Date().timeIntervalSince1970, certificates: certificates))
  }

  public var state: State { current.withLock { $0 } }

  /// The configuration could not be read, and stays as it is.
  public func failed() {
    current.withLock { state in
      state.failed += 1
      state.isLastGood = false
    }
  }

  func succeeded(_ certificates: [CertificateUse], all: Bool) {
    current.withLock { state in
      if all { state.succeeded += 1 } else { state.failed += 1 }
      state.isLastGood = all
      if all { state.lastGoodAt = Date().timeIntervalSince1970 }
      state.certificates = certificates
    }
  }
}
