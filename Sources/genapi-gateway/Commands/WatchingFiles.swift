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

  func run() async throws {
    await cancelWhenGracefulShutdown {
      var watch = FileWatch()
      var expiry = ExpiryWatch()
      while !Task.isCancelled {
        let configuration = await reloader.current
        for warning in expiry.warnings(configuration.certificates, at: Int64(Date().timeIntervalSince1970)) {
          logger.warning("\(warning)")
        }
        watch.follow(source.files(of: configuration), reading: configuration.contents)
        try? await Task.sleep(for: configuration.watchInterval)
        let changed = watch.changed()
        await reloader.tellMissing(watch.missing)
        for path in watch.gone() where !Task.isCancelled {
          logger.warning(
            "a file of the configuration is gone: what it said last stays in force until a reload or restart, which fails without it",
            metadata: ["file": "\(path)"])
        }
        let anew = watch.writtenAnew()
        if changed.isEmpty, !anew.isEmpty, !Task.isCancelled, await reloader.lastFailed {
          logger.notice(
            "files were written anew after a reload that failed",
            metadata: ["files": "\(anew.joined(separator: ", "))"])
          await reloader.reload()
          continue
        }
        guard !changed.isEmpty, !Task.isCancelled else { continue }
        logger.notice("files have changed", metadata: ["files": "\(changed.joined(separator: ", "))"])
        await reloader.reload()
      }
    }
  }
}
