import TOMLFile
import TOMLKit
import TopModel

extension Configuration {
  /// More than a configuration can be.
  static let largestFile = 1 << 18
  /// Gateways that can be watched at once, on the command line or in a file; each costs a connection and its history.
  package static let mostTargets = 256
  static let intervals = 100...60_000

  /// Reads a configuration file; what it leaves out is the default.
  ///
  /// - Throws: `DashboardConfigurationError`, which names the file, the line and the key, and says what is allowed.
  package init(toml text: String, file: String) throws(DashboardConfigurationError) {
    self.init()
    try read(text, file: file)
  }

  /// Takes over what a file says; what it leaves out stays as it is.
  ///
  /// - Parameter allowed: the keys it may have; all of them when nil.
  mutating func read(_ text: String, file: String, allowing allowed: [String]? = nil)
    throws(DashboardConfigurationError)
  {
    guard text.utf8.count <= Self.largestFile else {
      throw DashboardConfigurationError(file: file, reason: "is larger than a configuration can be (256 KiB)")
    }
    let table: TOMLTable
    do throws(TOMLText.Fault) {
      table = try TOMLText.table(text)
    } catch {
      throw DashboardConfigurationError(file: file, line: error.line, reason: error.reason)
    }
    var reader = DashboardSettingReader(file: file, lines: TOMLLines(text))
    try reader.read(table, into: &self, allowing: allowed)
    origins.merge(reader.origins) { $1 }
  }
}
