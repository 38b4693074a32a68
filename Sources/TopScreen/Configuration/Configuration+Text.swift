import OutsideText
import TopModel

extension Configuration {
  /// The whole configuration as a file that can be read again, with where each value is from.
  package var text: String {
    var lines = ConfigurationLines(origins: origins)
    lines.add("targets", list: targets)
    if let tokenFile { lines.add("token_file", tokenFile) }
    lines.add("interval", intervalMs % 1_000 == 0 ? "\(intervalMs / 1_000)s" : "\(intervalMs)ms")
    lines.add("theme", theme)
    lines.add("color", hasColor)
    lines.add("ascii", usesASCII)
    lines.add("mouse", hasMouse)
    lines.add("filter", filter)
    lines.add("window", window.configurationName)
    lines.add(layout)
    lines.open("columns")
    for pane in PaneKind.allCases where !pane.columnNames.isEmpty {
      lines.add("columns." + pane.key, list: columns[pane] ?? pane.columnNames)
    }
    lines.open("sort")
    for pane in PaneKind.sortable { lines.add("sort." + pane.key, sorts[pane]?.text ?? ColumnSort.usual) }
    lines.open("keys")
    for command in Command.allCases {
      lines.add("keys." + command.rawValue, list: keyMap.keys(for: command).map(\.name))
    }
    lines.open("alerts")
    lines.add("alerts.bell", alerts.hasBell)
    lines.add("alerts.defaults", alerts.hasDefaults)
    lines.add("alerts.rules", list: alerts.rules.map(\.text))
    lines.add("alerts.critical", list: alerts.critical.map(\.text))
    return lines.text
  }
}

/// Lines of TOML, each with the origin of its value.
struct ConfigurationLines {
  /// nil for lines that say no origins.
  var origins: [String: Configuration.Origin]?
  private(set) var text = ""

  init(origins: [String: Configuration.Origin]?) { self.origins = origins }

  mutating func open(_ table: String) { text += "\n[\(table)]\n" }

  mutating func add(_ key: String, _ value: String) { add(key, raw: Self.quoted(value)) }

  mutating func add(_ key: String, _ value: Bool) { add(key, raw: value ? "true" : "false") }

  mutating func add(_ key: String, list: [String]) {
    add(key, raw: "[" + list.map(Self.quoted).joined(separator: ", ") + "]")
  }

  mutating func add(_ layout: Configuration.LayoutConfiguration) {
    open("layout")
    add("layout.hide", list: layout.hidden.sorted().map(\.key))
    add("layout.focus", layout.focus.key)
    add("layout.zoom", layout.isZoomed)
    add("layout.circuits", layout.circuits.configurationName)
    add("layout.latency", layout.latency.configurationName)
    add("layout.sort", layout.sort.configurationName)
    add("layout.reverse", layout.isReversed)
  }

  private mutating func add(_ key: String, raw: String) {
    let name = key.split(separator: ".").last.map(String.init) ?? key
    let line = "\(name) = \(raw)"
    guard let origins else {
      text += line + "\n"
      return
    }
    text += line + String(repeating: " ", count: max(2, 48 - line.count)) + "# " + origin(origins[key]) + "\n"
  }

  private func origin(_ origin: Configuration.Origin?) -> String {
    switch origin {
    case nil: "default"
    case .file(let path, let line): "file \(path.shown)" + (line.map { ":\($0)" } ?? "")
    case .flag(let name): "flag \(name)"
    case .environment(let name): "environment \(name)"
    }
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        quoted +=
          "\\u" + String(repeating: "0", count: scalar.value < 0x10 ? 3 : 2)
          + String(scalar.value, radix: 16)
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
