import Foundation
import GenAPIAttach
import GenAPIStream
import GenAPIValue

/// The targets of the Elixir library among those of a feed: each is attached, and exported on a Unix socket in a folder that
/// only this user can open.
final class Attachments: Sendable {
  /// All targets of the feed, in their order, with an address each.
  let targets: [StreamTarget]
  private let attached: [Int: AttachedTarget]
  private let folder: String?

  init(_ targets: [StreamTarget], _ settings: AttachSettings?) {
    guard let settings, targets.contains(where: \.isAttached), let folder = Self.makeFolder() else {
      self.targets = targets
      attached = [:]
      folder = nil
      return
    }
    var addressed = targets
    var attached: [Int: AttachedTarget] = [:]
    for (index, target) in targets.enumerated() where target.isAttached {
      guard let erlang = try? AttachTarget(parsing: target.description) else { continue }
      let path = "\(folder)/\(index)"
      addressed[index].address = .unix(path: path)
      attached[index] = AttachedTarget(
        erlang, settings: settings, exporter: StreamExporterConfiguration(addresses: [.unix(path: path)]))
    }
    self.targets = addressed
    self.attached = attached
    self.folder = folder
  }

  deinit { removeFolder() }

  private func removeFolder() { if let folder { try? FileManager.default.removeItem(atPath: folder) } }

  /// Short, since a socket's path has few bytes.
  private static func makeFolder() -> String? {
    var template = Array("/tmp/genapi-top.XXXXXX".utf8CString)
    return mkdtemp(&template).map { String(cString: $0) }
  }

  /// Attaches the target at this place.
  ///
  /// - Parameter ready: called whenever it is known whether it can be, with whether it is open now; and at once for one that
  ///   need not, with false.
  func start(_ place: Int, ready: @escaping @Sendable (_ isJustOpen: Bool) -> Void) {
    guard let target = attached[place] else { return ready(false) }
    target.onChange { [weak target] in ready(target?.problem == nil) }
    target.start()
  }

  /// Why a target is not attached; nil for one that is, or need not be.
  func problem(of place: Int) -> ByteText? { attached[place]?.problem }

  /// How many functions were read of a target by now; nil for one that is not attached.
  func functionsRead(of place: Int) -> Int? { attached[place]?.functionsRead }

  /// Asks only for events of the services that a filter names.
  func narrow(to filter: EventFilter) {
    for target in attached.values { target.narrow(to: filter.include.services) }
  }

  /// The folder goes now: a program that ends deinits nothing.
  func stop() async {
    await withTaskGroup { group in
      for target in attached.values { group.addTask { await target.stop() } }
    }
    removeFolder()
  }
}
