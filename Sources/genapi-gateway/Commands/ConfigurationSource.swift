import Foundation
import GenAPIServer
import Logging
import TOMLFile

/// Where the configuration is read from, each time.
struct ConfigurationSource: Sendable {
  let path: String
  /// From the command line: it outranks file and environment.
  let logLevel: Logger.Level?

  /// Those that are looked at for changes.
  func files(of configuration: ServerConfiguration) -> Set<String> {
    switch configuration.watch {
    case .none: []
    case .secrets: configuration.secretFiles
    case .all: configuration.secretFiles.union(configuration.otherFiles).union([path])
    }
  }

  func read() throws -> ServerConfiguration {
    let text: String
    do throws(TextFile.Failure) {
      text = try TextFile.read(path)
    } catch {
      throw ConfigurationFaults(faults: [
        ConfigurationFault(source: path, reason: error.description)
      ])
    }
    var configuration = try ServerConfiguration(
      toml: text, file: path, environment: ProcessInfo.processInfo.environment)
    if let logLevel { configuration.logLevel = logLevel }
    return configuration
  }
}
