import ArgumentParser
import Foundation
import GenAPIStream
import OutsideText
import TOMLFile
import TopScreen

/// Finds and reads the user's configuration.
enum ConfigurationFile {
  /// Bytes of a file; more than that nobody wrote.
  private static let largest = 1 << 19

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
    let text: String
    do throws(TextFile.Failure) {
      text = try TextFile.readPlain(path, atMost: largest)
    } catch {
      return UsageError.say("\(path) \(error): the layout is not as it was saved")
    }
    if let warning = FileAccess.warning(for: path, isSecret: false) { UsageError.say(warning) }
    do {
      try configuration.apply(savedLayout: text, file: path)
    } catch {
      UsageError.say("\(error): the layout is not as it was saved")
    }
  }

  /// The file that a person wrote.
  private static func read(_ path: String, isNamed: Bool) throws -> Configuration {
    if !isNamed, !FileManager.default.fileExists(atPath: path) { return Configuration() }
    let text: String
    do throws(TextFile.Failure) {
      text = try TextFile.read(path, atMost: largest)
    } catch {
      throw UsageError.end("\(path) \(error)", code: UsageError.usage)
    }
    if let warning = FileAccess.warning(for: path, isSecret: false) { UsageError.say(warning) }
    do {
      let configuration = try Configuration(toml: text, file: path)
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
