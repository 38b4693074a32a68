import TopModel
import TopScreen

/// What the command line says about the dashboard.
struct DashboardSetup {
  var theme: Theme = .standard
  var shelf = ThemeShelf(folders: [])
  var filter = FilterExpression()
  var usesASCII = false
  var isColorless = false
}
