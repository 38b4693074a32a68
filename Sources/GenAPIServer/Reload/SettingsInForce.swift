import Locking

/// Which value of each setting is in force, since the start or a reload: what a file says is compared with this, and not with
/// what it said before, so that nothing that waits for a restart is forgotten. Used from every thread.
final class SettingsInForce: Sendable {
  /// By key.
  private let digests: Mutex<[String: Int]>

  init(_ settings: [Setting]) {
    digests = Mutex(Dictionary(settings.map { ($0.key, $0.digest) }, uniquingKeysWith: { $1 }))
  }

  /// Those of them that say something else than what is in force, by their keys.
  func changed(in settings: [Setting]) -> [String] {
    digests.withLock { digests in settings.filter { digests[$0.key] != $0.digest }.map(\.key) }
  }

  /// These took effect, of those settings.
  func take(_ keys: [String], of settings: [Setting]) {
    let new = Dictionary(settings.map { ($0.key, $0.digest) }, uniquingKeysWith: { $1 })
    digests.withLock { digests in for key in keys { digests[key] = new[key] } }
  }
}
