import ArgumentParser
import Foundation
import GenAPIStream
import TopScreen

extension Configuration {
  /// What is in force: flags before variables before the file before the defaults.
  ///
  /// - Throws: an exit code, after having told what is wrong and where.
  static func effective(
    _ gateways: TargetOptions, _ look: LookOptions, interval: Interval?, filter: String?,
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws -> Configuration {
    var configuration = try ConfigurationFile.load(gateways.config, environment: environment)
    if !gateways.targets.isEmpty {
      configuration.targets = gateways.targets
      configuration.origins["targets"] = .flag("<target>")
    }
    if let file = gateways.tokenFile {
      configuration.tokenFile = file
      configuration.origins["token_file"] = .flag("--token-file")
    }
    if let theme = look.theme {
      configuration.theme = theme
      configuration.origins["theme"] = .flag("--theme")
    }
    // The kernel's own console has a font of 256 or 512 glyphs, and no dots of Braille among them.
    if environment["TERM"] == "linux", configuration.origins["ascii"] == nil {
      configuration.usesASCII = true
    }
    if look.ascii {
      configuration.usesASCII = true
      configuration.origins["ascii"] = .flag("--ascii")
    }
    // NO_COLOR counts when it is set and not empty (https://no-color.org).
    if !(environment["NO_COLOR"] ?? "").isEmpty {
      configuration.hasColor = false
      configuration.origins["color"] = .environment("NO_COLOR")
    }
    if look.noColor {
      configuration.hasColor = false
      configuration.origins["color"] = .flag("--no-color")
    }
    if let interval {
      configuration.intervalMs = interval.milliseconds
      configuration.origins["interval"] = .flag("--interval")
    }
    if let filter {
      configuration.filter = filter
      configuration.origins["filter"] = .flag("--filter")
    }
    return configuration
  }
}
