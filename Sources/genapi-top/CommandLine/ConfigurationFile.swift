import ArgumentParser
import Foundation
import GenAPIStream
import TOMLFile
import TopScreen

/// Finds and reads the user's configuration.
enum ConfigurationFile {
  /// Where it is when no option names another; nil without a home.
  static func standardPath(environment: [String: String]) -> String? {
    let home = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 }
    // A relative one is to be ignored, as the specification of these folders says.
    let folder =
      environment["XDG_CONFIG_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? home.map { $0 + "/.config" }
    return folder.map { $0 + "/genapi-top/config.toml" }
  }

  /// The file named, which must be there, or the user's own, which need not.
  ///
  /// - Throws: an exit code, after having told what is wrong and where.
  static func load(_ named: String?, environment: [String: String]) throws -> Configuration {
    guard let path = named ?? standardPath(environment: environment) else { return Configuration() }
    var configuration = try read(path, isNamed: named != nil)
    let layout = SavedLayout.path(beside: path)
    configuration.layoutFile = layout
    applySaved(layout, to: &configuration)
    return configuration
  }

  /// What was saved with a key is no reason not to start: what is wrong with it is told.
  private static func applySaved(_ path: String, to configuration: inout Configuration) {
    guard FileManager.default.fileExists(atPath: path) else { return }
    guard let file = FileHandle(forReadingAtPath: path), let data = try? file.read(upToCount: 1 << 19) else {
      return UsageError.say("\(path) cannot be read: the layout is not as it was saved")
    }
    if let warning = FileAccess.warning(for: path, isSecret: false) { UsageError.say(warning) }
    do {
      try configuration.apply(savedLayout: String(decoding: data, as: UTF8.self), file: path)
    } catch {
      UsageError.say("\(error): the layout is not as it was saved")
    }
  }

  /// The file that a person wrote.
  private static func read(_ path: String, isNamed: Bool) throws -> Configuration {
    if !isNamed, !FileManager.default.fileExists(atPath: path) { return Configuration() }
    guard let file = FileHandle(forReadingAtPath: path), let data = try? file.read(upToCount: 1 << 19) else {
      throw UsageError.end("\(path) cannot be read", code: UsageError.usage)
    }
    if let warning = FileAccess.warning(for: path, isSecret: false) { UsageError.say(warning) }
    do {
      let configuration = try Configuration(toml: String(decoding: data, as: UTF8.self), file: path)
      for target in configuration.targets {
        do {
          _ = try TargetOptions.target(parsing: target, token: nil)
        } catch {
          throw DashboardConfigurationError(
            file: path, line: line(of: "targets", configuration), key: "targets", reason: "\(error)")
        }
      }
      return configuration
    } catch {
      throw UsageError.end("\(error)", code: UsageError.usage)
    }
  }

  static func line(of key: String, _ configuration: Configuration) -> Int? {
    if case .file(_, let line) = configuration.origins[key] { line } else { nil }
  }
}
