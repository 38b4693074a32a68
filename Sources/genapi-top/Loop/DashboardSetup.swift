import Foundation
import TopModel
import TopScreen

/// What the configuration says about the dashboard, with the theme and the filter read.
struct DashboardSetup {
  var configuration = Configuration()
  var theme: Theme = .standard
  var catalogue = ThemeCatalogue(folders: [])
  var filter = FilterExpression()
  var isColorless: Bool { !configuration.hasColor }

  init() {}

  /// - Throws: an exit code, after having told what is wrong with the theme or the filter.
  init(_ configuration: Configuration, environment: [String: String] = ProcessInfo.processInfo.environment)
    throws
  {
    self.configuration = configuration
    catalogue = ThemeCatalogue(
      folders: ThemeCatalogue.folders(environment: environment, program: ThemeCatalogue.program))
    do {
      if configuration.origins["theme"] != nil { theme = try catalogue.theme(configuration.theme) }
    } catch {
      let from: String =
        switch configuration.origins["theme"] {
        case .file(let path, let line): path + (line.map { ":\($0)" } ?? "") + ": theme: "
        default: "--theme "
        }
      throw UsageError.end("\(from)\(error)", code: UsageError.usage)
    }
    filter = try FilterExpression(option: configuration.filter)
  }
}
