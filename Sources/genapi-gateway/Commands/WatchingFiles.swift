import Foundation
import GenAPIServer
import Logging
import ServiceLifecycle

/// Looks at the files of the configuration from time to time: reads it again when what they hold has changed, and warns
/// of certificates that expire.
struct WatchingFiles: Service {
  let reloader: Reloader
  let source: ConfigurationSource
  let logger: Logger

  /// How often a change has to be seen again: for a second at least, however often files are looked at. Who writes a file in several
  /// steps may rest between them.
  static func looks(_ interval: Duration) -> Int {
    max(1, Int(clamping: (999 + interval.wholeMilliseconds) / max(1, interval.wholeMilliseconds)))
  }

  func run() async throws {
    await cancelWhenGracefulShutdown {
      var watch = FileWatch()
      var turn = ReloadTurn()
      var expiry = ExpiryWatch()
      _ = turn.look(at: source.allFiles(of: await reloader.current), isDue: false)
      while !Task.isCancelled {
        let configuration = await reloader.current
        for warning in expiry.warnings(configuration.certificates, at: Int64(Date().timeIntervalSince1970)) {
          logger.warning("\(warning)")
        }
        watch.follow(source.files(of: configuration), reading: configuration.contents)
        try? await Task.sleep(for: configuration.watchInterval)
        let looks = Self.looks(configuration.watchInterval)
        let changed = watch.changed(seenAgain: looks)
        await reloader.tellMissing(watch.missing)
        for path in watch.gone() where !Task.isCancelled {
          logger.warning(
            "a file of the configuration is gone: what it said last stays in force until a reload or restart, which fails without it",
            metadata: ["file": "\(path)"])
        }
        let anew = watch.writtenAnew()
        let lastFailed = await reloader.lastFailed
        let isRepaired = lastFailed && changed.isEmpty && !anew.isEmpty
        guard !Task.isCancelled else { return }
        if isRepaired {
          logger.notice(
            "files were written anew after a reload that failed",
            metadata: ["files": "\(anew.joined(separator: ", "))"])
        } else if !changed.isEmpty {
          logger.notice("files have changed", metadata: ["files": "\(changed.joined(separator: ", "))"])
        }
        let files = source.allFiles(of: configuration)
        switch turn.look(at: files, isDue: isRepaired || !changed.isEmpty, seenAgain: looks) {
        case .nothing: break
        case .waits(let moving):
          logger.notice(
            "a reload waits for files that are still being written",
            metadata: ["files": "\(moving.joined(separator: ", "))"])
        case .read(let moving):
          if !moving.isEmpty {
            logger.warning(
              "files are read though they do not stand still",
              metadata: ["files": "\(moving.joined(separator: ", "))"])
          }
          let marks = turn
          if await !reloader.reload(while: { !moving.isEmpty || marks.isUnmoved() }) { turn.putOff() }
        }
      }
    }
  }
}
