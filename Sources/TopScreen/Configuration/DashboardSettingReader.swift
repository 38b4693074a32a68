import OutsideText
import TOMLFile
import TOMLKit
import TopModel

/// Takes a parsed file apart, with errors that name the place.
struct DashboardSettingReader {
  let file: String
  let lines: TOMLLines
  private(set) var origins: [String: Configuration.Origin] = [:]

  init(file: String, lines: TOMLLines) {
    self.file = file
    self.lines = lines
  }

  /// Every key there is.
  private static let names = [
    "targets", "token_file", "interval", "theme", "color", "ascii", "mouse", "filter", "window", "layout",
    "columns", "sort", "keys", "alerts",
  ]

  mutating func read(
    _ table: TOMLTable, into configuration: inout Configuration, allowing allowed: [String]? = nil
  ) throws(DashboardConfigurationError) {
    let names = allowed ?? Self.names
    try refuseOthers(table, "", names)
    if let targets = try strings(table, "targets", "a list of host:port") {
      guard targets.count <= Configuration.mostTargets else {
        throw fault(
          "targets", "\(targets.count) are too many; at most \(Configuration.mostTargets) are watched")
      }
      configuration.targets = targets
    }
    configuration.tokenFile = try string(table, "token_file", "the path of a file") ?? configuration.tokenFile
    if let interval = try string(table, "interval", "a time such as \"500ms\" or \"2s\"") {
      guard let milliseconds = Self.milliseconds(interval), Configuration.intervals.contains(milliseconds)
      else {
        throw fault("interval", "\"\(interval)\" is not allowed; write a time from \"100ms\" to \"60s\"")
      }
      configuration.intervalMs = milliseconds
    }
    configuration.theme = try string(table, "theme", "the name of a theme, or a file") ?? configuration.theme
    configuration.hasColor = try bool(table, "color") ?? configuration.hasColor
    configuration.usesASCII = try bool(table, "ascii") ?? configuration.usesASCII
    configuration.hasMouse = try bool(table, "mouse") ?? configuration.hasMouse
    if let filter = try string(table, "filter", "a filter") {
      do throws(FilterError) {
        _ = try FilterExpression(parsing: filter)
      } catch {
        throw fault("filter", "\"\(filter)\": \(error)")
      }
      configuration.filter = filter
    }
    configuration.window = try named(table, "window") ?? configuration.window
    if let layout = try self.table(table, "layout") { try read(layout: layout, into: &configuration.layout) }
    if let columns = try self.table(table, "columns") {
      configuration.columns.merge(try read(columns: columns)) { $1 }
    }
    if let sorts = try self.table(table, "sort") { try read(sorts: sorts, into: &configuration.sorts) }
    if let keys = try self.table(table, "keys") { try read(keys: keys, into: &configuration) }
    if let alerts = try self.table(table, "alerts") { try read(alerts: alerts, into: &configuration.alerts) }
  }

  private mutating func read(layout: TOMLTable, into wanted: inout Configuration.LayoutConfiguration)
    throws(DashboardConfigurationError)
  {
    try refuseOthers(layout, "layout.", ["hide", "focus", "zoom", "circuits", "latency", "sort", "reverse"])
    if let hidden = try strings(layout, "layout.hide", "a list of panes") {
      wanted.hidden = []
      for name in hidden {
        guard let pane = PaneKind(configurationName: name) else {
          throw fault("layout.hide", "\"\(name)\" is no pane; there are \(PaneKind.allowedNames)")
        }
        wanted.hidden.insert(pane)
      }
      guard wanted.hidden.count < PaneKind.allCases.count else {
        throw fault("layout.hide", "not every pane can be hidden")
      }
    }
    wanted.focus = try named(layout, "layout.focus") ?? wanted.focus
    wanted.isZoomed = try bool(layout, "layout.zoom") ?? wanted.isZoomed
    wanted.circuits = try named(layout, "layout.circuits") ?? wanted.circuits
    wanted.latency = try named(layout, "layout.latency") ?? wanted.latency
    wanted.sort = try named(layout, "layout.sort") ?? wanted.sort
    wanted.isReversed = try bool(layout, "layout.reverse") ?? wanted.isReversed
  }

  private mutating func read(columns: TOMLTable) throws(DashboardConfigurationError) -> [PaneKind: [String]] {
    let panes = PaneKind.allCases.filter { !$0.columnNames.isEmpty }
    try refuseOthers(columns, "columns.", panes.map(\.key))
    var chosen: [PaneKind: [String]] = [:]
    for pane in panes {
      let key = "columns." + pane.key
      guard let names = try strings(columns, key, "a list of columns") else { continue }
      for (index, name) in names.enumerated() {
        guard pane.columnNames.contains(name) else {
          throw fault(key, "\"\(name)\" is no column; there are \(pane.columnNames.joined(separator: ", "))")
        }
        guard !names[..<index].contains(name) else { throw fault(key, "\"\(name)\" is there twice") }
      }
      guard !names.isEmpty else { throw fault(key, "at least one column is needed") }
      chosen[pane] = names
    }
    return chosen
  }

  private mutating func read(sorts: TOMLTable, into wanted: inout [PaneKind: ColumnSort])
    throws(DashboardConfigurationError)
  {
    try refuseOthers(sorts, "sort.", PaneKind.sortable.map(\.key))
    for pane in PaneKind.sortable {
      let key = "sort." + pane.key
      guard let text = try string(sorts, key, "a column, such as \"node rising\"") else { continue }
      if text == ColumnSort.usual {
        wanted[pane] = nil
        continue
      }
      let columns = pane.type.sortColumns
      guard let sort = ColumnSort(parsing: text, among: columns) else {
        throw fault(
          key,
          "\"\(text)\" is not allowed; write \(ColumnSort.usual), or one of "
            + columns.map(\.name).joined(separator: ", ") + ", with rising or falling behind it")
      }
      wanted[pane] = sort
    }
  }

  private mutating func read(keys: TOMLTable, into configuration: inout Configuration)
    throws(DashboardConfigurationError)
  {
    for command in keys.keys {
      let key = "keys." + command
      if let single = keys[command]?.string {
        configuration.keys[command] = [single]
        note(key)
      } else if command.contains(".") {
        // No command is called so, which is told below.
        configuration.keys[command] = []
      } else {
        configuration.keys[command] = try strings(keys, key, "a key such as \"ctrl-r\", or a list of them")
      }
    }
    do {
      configuration.keyMap = try KeyMap(replacing: configuration.keys)
    } catch let error as KeyMapError {
      let command: String? =
        switch error {
        case .unknownCommand(let name): name
        case .unknownKey(_, let name): name
        case .takenTwice(_, _, let name): name
        }
      throw DashboardConfigurationError(
        file: file, line: lines.line(of: ["keys"] + (command.map { [$0] } ?? [])),
        key: command.map { "keys." + $0 },
        reason: "\(error)")
    } catch {
      throw fault("keys", "\(error)")
    }
  }

  private mutating func read(alerts: TOMLTable, into wanted: inout Configuration.AlertConfiguration)
    throws(DashboardConfigurationError)
  {
    try refuseOthers(alerts, "alerts.", ["bell", "defaults", "rules", "critical"])
    wanted.hasBell = try bool(alerts, "alerts.bell") ?? wanted.hasBell
    wanted.hasDefaults = try bool(alerts, "alerts.defaults") ?? wanted.hasDefaults
    wanted.rules = try rules(alerts, "alerts.rules")
    wanted.critical = try rules(alerts, "alerts.critical")
    guard wanted.all.count <= AlertRule.most else {
      throw fault("alerts", "\(wanted.all.count) rules are too many; at most \(AlertRule.most) are watched")
    }
  }

  private mutating func rules(_ table: TOMLTable, _ key: String) throws(DashboardConfigurationError)
    -> [AlertExpression]
  {
    var rules: [AlertExpression] = []
    for text in try strings(table, key, "a list of rules, such as \"p99 > 250ms for 30s\"") ?? [] {
      do throws(AlertError) {
        rules.append(try AlertExpression(parsing: text))
      } catch {
        throw fault(key, "\"\(text)\": \(error)")
      }
    }
    return rules
  }

  // MARK: Values

  /// `500ms`, `2s`.
  static func milliseconds(_ text: String) -> Int? {
    let (suffix, factor) = text.hasSuffix("ms") ? ("ms", 1.0) : text.hasSuffix("s") ? ("s", 1_000.0) : ("", 0)
    guard factor > 0, let number = PlainNumber.decimal(text.dropLast(suffix.count)),
      (0...1_000_000).contains(number)
    else {
      return nil
    }
    return Int((number * factor).rounded())
  }

  private mutating func note(_ key: String) { origins[key] = .file(file, line: lines.line(of: key)) }

  private func fault(_ key: String, _ reason: String) -> DashboardConfigurationError {
    DashboardConfigurationError(file: file, line: lines.line(of: key), key: key.shown, reason: reason.shown)
  }

  private func refuseOthers(_ table: TOMLTable, _ prefix: String, _ allowed: [String])
    throws(DashboardConfigurationError)
  {
    for key in table.keys where !allowed.contains(key) {
      throw DashboardConfigurationError(
        file: file, line: lines.line(of: prefix.split(separator: ".").map(String.init) + [key]),
        key: (prefix + key).shown, reason: "is not known; allowed are \(allowed.joined(separator: ", "))")
    }
  }

  private func value(_ table: TOMLTable, _ key: String) -> (any TOMLValueConvertible)? {
    table[key.split(separator: ".").last.map(String.init) ?? key]
  }

  private mutating func table(_ table: TOMLTable, _ key: String) throws(DashboardConfigurationError)
    -> TOMLTable?
  {
    guard let value = value(table, key) else { return nil }
    guard let found = value.table else { throw fault(key, "must be a table: [\(key)]") }
    return found
  }

  private mutating func string(_ table: TOMLTable, _ key: String, _ wanted: String)
    throws(DashboardConfigurationError)
    -> String?
  {
    guard let value = value(table, key) else { return nil }
    guard let text = value.string, text.utf8.count <= 1_000 else {
      throw fault(key, "\(value.debugDescription.cut(bytes: 80)) must be text: \(wanted)")
    }
    note(key)
    return text
  }

  private mutating func bool(_ table: TOMLTable, _ key: String) throws(DashboardConfigurationError) -> Bool? {
    guard let value = value(table, key) else { return nil }
    guard let found = value.bool else {
      throw fault(key, "\(value.debugDescription.cut(bytes: 80)) is not allowed; write true or false")
    }
    note(key)
    return found
  }

  private mutating func strings(_ table: TOMLTable, _ key: String, _ wanted: String)
    throws(DashboardConfigurationError)
    -> [String]?
  {
    guard let value = value(table, key) else { return nil }
    guard let array = value.array, array.allSatisfy({ $0.string.map { $0.utf8.count <= 1_000 } ?? false })
    else {
      throw fault(key, "\(value.debugDescription.cut(bytes: 80)) must be \(wanted)")
    }
    note(key)
    return array.compactMap(\.string)
  }

  private mutating func named<Name: ConfigurationNamed>(_ table: TOMLTable, _ key: String)
    throws(DashboardConfigurationError) -> Name?
  {
    guard let text = try string(table, key, Name.allowedNames) else { return nil }
    guard let found = Name(configurationName: text) else {
      throw fault(key, "\"\(text)\" is not allowed; allowed are \(Name.allowedNames)")
    }
    return found
  }
}
