import Foundation
import GenAPIJWKS
import GenAPIServer
import Logging
import OutsideText
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
    case .all: allFiles(of: configuration)
    }
  }

  /// Those that a reload reads, whichever are looked at.
  func allFiles(of configuration: ServerConfiguration) -> Set<String> {
    configuration.secretFiles.union(configuration.otherFiles).union([path])
  }

  /// - Parameter again: it was read before and the program runs: then nothing is read that would be waited for.
  func read(again: Bool = false) throws -> ServerConfiguration {
    let text: String
    do throws(TextFile.Failure) {
      text = again ? try TextFile.readPlain(path) : try TextFile.read(path)
    } catch {
      throw ConfigurationFaultList(faults: [
        ConfigurationFault(source: path, reason: error.description)
      ])
    }
    var configuration = try ServerConfiguration(
      toml: text, file: path, environment: ProcessInfo.processInfo.environment,
      webKeys: { try WebKeySet(json: $0) })
    if let logLevel { configuration.logLevel = logLevel }
    return configuration
  }
}
