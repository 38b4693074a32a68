import ArgumentParser
import Foundation
import TopModel
import TopScreen

/// How it looks.
struct LookOptions: ParsableArguments {
  @Option(help: ArgumentHelp("A theme by its name, or a theme file.", valueName: "name|file"))
  var theme: String?

  @Flag(help: "Draw with ASCII only, for terminals without UTF-8.")
  var ascii = false

  @Flag(help: "No colours; also when the variable NO_COLOR is set.")
  var noColor = false

  @Option(
    help: ArgumentHelp("Columns and rows of what is printed or drawn to a file.", valueName: "WxH"),
    transform: ScreenSize.init(parsing:))
  var size: ScreenSize?

  /// NO_COLOR counts when it is set and not empty (https://no-color.org).
  var isColorless: Bool {
    noColor || !(ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
  }

  /// - Throws: what to tell the user about a theme or filter that is not understood.
  func setup(filter: String?) throws -> DashboardSetup {
    let environment = ProcessInfo.processInfo.environment
    var setup = DashboardSetup()
    setup.shelf = ThemeShelf(
      folders: ThemeShelf.folders(environment: environment, program: ThemeShelf.program))
    setup.usesASCII = ascii
    setup.isColorless = isColorless
    do {
      if let theme { setup.theme = try setup.shelf.theme(theme) }
    } catch {
      throw Complaint.end("--theme \(error)", code: Complaint.usage)
    }
    setup.filter = try FilterExpression(option: filter)
    return setup
  }
}
