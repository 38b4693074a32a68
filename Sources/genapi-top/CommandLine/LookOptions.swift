import ArgumentParser
import Foundation
import TopModel
import TopScreen

/// How it looks.
struct LookOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("A theme by its name, or a theme file.", valueName: "name|file"),
    completion: .list(ThemeCatalogue.completed))
  var theme: String?

  @Flag(help: "Draw with ASCII only, for terminals without UTF-8.")
  var ascii = false

  @Flag(help: "No colours; also when the variable NO_COLOR is set.")
  var noColor = false

  @Option(
    help: ArgumentHelp("Columns and rows of what is printed or drawn to a file.", valueName: "WxH"),
    transform: ScreenSize.init(parsing:))
  var size: ScreenSize?
}
