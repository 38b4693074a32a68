import GenAPIValue
import TOMLFile

/// Reads settings one by one from a file's tables, the environment, or their defaults; collects every fault and
/// says where each value is from.
struct ServerSettingReader {
  let file: String
  let lines: TOMLLines
  let root: Value
  let environment: [String: String]
  /// What of it Kubernetes set.
  private let links: ServiceLinks
  private(set) var settings: [Setting] = []
  var faults: [ConfigurationFault] = []
  /// Files that others can get at.
  var warnings: [String] = []
  /// Secrets and certificates that were read.
  var secretFiles: Set<String> = []
  /// What the server shows of them.
  var certificateUses: [CertificateUse] = []
  /// The other files that were read, without the configuration itself.
  var otherFiles: Set<String> = []
  /// What was read in files, by path, as `FileWatch` tells contents apart.
  var contents: [String: Int] = [:]
  /// A secret is set in the file itself.
  var holdsSecret = false
  /// Keys that were asked for; what else the file has is not known.
  private var known: Set<String> = []

  init(file: String, text: String, environment: [String: String]) {
    self.file = file
    self.environment = environment
    links = ServiceLinks(environment)
    lines = TOMLLines(text)
    do throws(TOMLText.Fault) {
      root = try Value(toml: text)
    } catch {
      root = [:]
      faults.append(ConfigurationFault(source: file, line: error.line, reason: error.reason))
    }
  }

  // MARK: Kinds

  /// - Parameter isFree: an empty text is a value like others. Of all other settings it would switch something off that nobody
  ///   meant, or keep everybody out; of a secret its reader says so.
  mutating func string(
    _ key: String, _ standard: String?, isSecret: Bool = false, isFree: Bool = false,
    _ allowed: String = "a string"
  )
    -> String?
  {
    let text = read(
      key, standard, isSecret: isSecret, allowed: allowed, show: { Value.string(ByteText($0)).json },
      value: { $0.string?.string }, text: { $0 })
    guard text?.isEmpty == true, !isSecret, !isFree, isSet(key) else { return text }
    fault(key, "must not be empty")
    return standard
  }

  mutating func choice<Choice: RawRepresentable & CaseIterable>(_ key: String, _ standard: Choice) -> Choice
  where Choice.RawValue == String {
    let allowed = Choice.allCases.map(\.rawValue).joined(separator: ", ")
    return read(
      key, standard, allowed: "one of \(allowed)", show: { Value.string(ByteText($0.rawValue)).json },
      value: { $0.string.flatMap { Choice(rawValue: $0.string) } }, text: { Choice(rawValue: $0) })!
  }

  mutating func bool(_ key: String, _ standard: Bool) -> Bool {
    read(key, standard, allowed: "true or false", show: { "\($0)" }, value: { $0.bool }, text: { Bool($0) })!
  }

  mutating func int(_ key: String, _ standard: Int, _ range: ClosedRange<Int>) -> Int {
    let check: (Int64?) -> Int? = { number in
      number.flatMap { Int(exactly: $0) }.flatMap { range.contains($0) ? $0 : nil }
    }
    return read(
      key, standard, allowed: "a whole number, \(range.lowerBound) to \(range.upperBound)", show: { "\($0)" },
      value: { check($0.int) }, text: { check(Int64($0)) })!
  }

  /// nil, and so the default, is `auto`.
  mutating func intOrAuto(_ key: String, _ range: ClosedRange<Int>) -> Int? {
    enum Choice {
      case auto
      case number(Int)
    }
    func number(_ number: Int64?) -> Choice? {
      number.flatMap { Int(exactly: $0) }.flatMap { range.contains($0) ? .number($0) : nil }
    }
    let choice = read(
      key, Choice.auto, allowed: "\"auto\" or a whole number, \(range.lowerBound) to \(range.upperBound)",
      show: { if case .number(let number) = $0 { "\(number)" } else { "\"auto\"" } },
      value: { $0 == "auto" ? .auto : number($0.int) }, text: { $0 == "auto" ? .auto : number(Int64($0)) })
    if case .number(let number) = choice { return number }
    return nil
  }

  /// A time, of which the file has the milliseconds.
  mutating func milliseconds(
    _ key: String, _ standard: Duration, _ range: ClosedRange<Int> = 1...86_400_000
  ) -> Duration {
    .milliseconds(int(key, Int(standard.wholeMilliseconds), range))
  }

  /// A name, which is compared by its bytes.
  mutating func name(_ key: String, _ standard: ByteText?, isFree: Bool = false) -> ByteText? {
    string(key, standard?.string, isFree: isFree).map { ByteText($0) }
  }

  mutating func names(_ key: String, _ standard: [ByteText]) -> [ByteText] {
    strings(key, standard.map(\.string)).map { ByteText($0) }
  }

  /// In a variable separated by commas.
  mutating func strings(_ key: String, _ standard: [String]) -> [String] {
    let list = read(
      key, standard, allowed: "a list of strings",
      show: { Value.array($0.map { .string(ByteText($0)) }).json },
      value: { value in
        guard let list = value.array else { return value.string.map { [$0.string] } }
        let texts = list.compactMap { $0.string?.string }
        return texts.count == list.count ? texts : nil
      },
      text: { text in
        let list = text.split(separator: ",").map { String($0).trimmingBlanks }.filter { !$0.isEmpty }
        // Commas and blanks alone are no list of nothing.
        return list.isEmpty ? nil : list
      })!
    guard list.contains(where: \.isEmpty) else { return list }
    fault(key, "must have no empty text in it")
    return standard
  }

  /// The tables of an array, `[[key]]`, each with a reader of its own place.
  mutating func tables(_ key: String) -> [Value] {
    known.insert(key)
    let value = value(at: key)
    settings.append(
      Setting(
        key: key, value: "(none)", origin: .standard, allowed: "tables", isTable: true,
        digest: (value?.json ?? "").hashValue))
    guard let value else { return [] }
    guard let list = value.array, list.allSatisfy({ $0.object != nil }) else {
      fault(key, "must be a list of tables: [[\(key)]]")
      return []
    }
    return list
  }

  /// A fault where the value is from: the variable that took the place of the file's, or the file.
  mutating func fault(_ key: String, _ reason: String) {
    if case .environment(let name) = settings.last(where: { $0.key == key })?.origin {
      faults.append(ConfigurationFault(source: "$\(name)", key: key, reason: reason))
    } else {
      faults.append(ConfigurationFault(source: file, line: lines.line(of: key), key: key, reason: reason))
    }
  }

  /// Whether a setting that was read is anything but its default.
  func isSet(_ key: String) -> Bool {
    settings.last { $0.key == key }.map { $0.origin != .standard } ?? false
  }

  /// Whether a setting that was read is from the environment.
  func isFromVariable(_ key: String) -> Bool {
    if case .environment = settings.last(where: { $0.key == key })?.origin { true } else { false }
  }

  /// Variables of the other commands and of the scripts, which are no settings.
  private static let otherVariables: Set<String> = [
    "GENAPI_CLIENT_TOKEN", "GENAPI_TOKEN", "GENAPI_COOKIE", "GENAPI_BIN", "GENAPI_TOP", "GENAPI_FUZZ_SECONDS",
    "GENAPI_FUZZ_SEED",
  ]

  private static let prefix = "GENAPI_"

  static func variable(_ key: String) -> String {
    prefix + key.uppercased().map { $0 == "." ? "_" : String($0) }.joined()
  }

  /// Faults for what the file and the environment have and nobody asked for.
  mutating func finish() {
    report(root.object ?? [:], under: [])
    let names = Set(settings.map { Self.variable($0.key) })
    let unknown = environment.filter {
      $0.key.hasPrefix(Self.prefix) && !names.contains($0.key) && !Self.otherVariables.contains($0.key)
    }
    guard !unknown.isEmpty else { return }
    // All of them begin alike, which makes none of them near.
    let ends = names.map { String($0.dropFirst(Self.prefix.count)) }
    for (name, value) in unknown.sorted(by: { $0.key < $1.key }) where !links.contains(name, value) {
      let near = Self.question(String(name.dropFirst(Self.prefix.count)), ends, prefix: Self.prefix)
      faults.append(
        ConfigurationFault(
          source: "$\(name.cut(bytes: 64))",
          reason: "is no setting; \(near ?? "--print-config shows all there are")"))
    }
  }

  /// How many bytes differ, at least: enough to find what was meant.
  private static func distance(_ a: String, _ b: String) -> Int {
    let (a, b) = (Array(a.utf8), Array(b.utf8.prefix(200)))
    var row = Array(0...b.count)
    for (index, byte) in a.enumerated() {
      var diagonal = row[0]
      row[0] = index + 1
      for column in b.indices {
        let cost = min(row[column] + 1, row[column + 1] + 1, diagonal + (byte == b[column] ? 0 : 1))
        diagonal = row[column + 1]
        row[column + 1] = cost
      }
    }
    return row[b.count]
  }

  /// What was meant, if it differs in few letters only, or in a word before or behind it, such as a unit. The same whatever order
  /// the names come in.
  ///
  /// - Returns: as a question, `do you mean a or b?`; nil where nothing is near.
  static func question(_ name: String, _ allowed: [String], prefix: String = "") -> String? {
    let meant = near(name, allowed)
    return meant.isEmpty ? nil : "do you mean \(meant.map { prefix + $0 }.joined(separator: " or "))?"
  }

  private static func near(_ name: String, _ allowed: [String]) -> [String] {
    let longer = allowed.filter { $0.hasPrefix(name + "_") || $0.hasSuffix("_" + name) }
    if !name.isEmpty, (1...3).contains(longer.count) { return longer.sorted() }
    // Of those that are as near the first by name.
    guard let near = allowed.map({ (distance: distance($0, name), name: $0) }).min(by: { $0 < $1 }),
      near.distance <= max(2, near.name.utf8.count / 4)
    else { return [] }
    return [near.name]
  }

  /// - Parameter path: one name a level, each known.
  private mutating func report(_ object: ValueObject, under path: [String]) {
    let above = path.map { $0 + "." }.joined()
    for (name, value) in object {
      let name = name.string
      // A name with dots in quotes is none of the settings that look like it: `"gateway.node" = 1` sets nothing.
      let shown = PlaceText.key(name)
      let isPlain = shown == name
      let key = above + shown
      if isPlain, known.contains(key) { continue }
      if isPlain, let inner = value.object, known.contains(where: { $0.hasPrefix(key + ".") }) {
        report(inner, under: path + [name])
      } else {
        let siblings = Set(
          known.filter { $0.hasPrefix(above) }.compactMap {
            $0.dropFirst(above.count).split(separator: ".").first.map(String.init)
          }
        ).sorted()
        faults.append(
          ConfigurationFault(
            source: file, line: lines.line(of: path + [name]), key: key,
            reason: "is not known; "
              + (Self.question(name, siblings) ?? "allowed are \(siblings.joined(separator: ", "))")))
      }
    }
  }

  // MARK: One setting

  private mutating func read<Kind>(
    _ key: String, _ standard: Kind?, isSecret: Bool = false, allowed: String, show: (Kind) -> String,
    value parse: (Value) -> Kind?, text parseText: (String) -> Kind?
  ) -> Kind? {
    known.insert(key)
    let variable = Self.variable(key)
    var result = standard
    var origin = Setting.Origin.standard
    // What a file or a shell's substitution leaves around it is no part of a value.
    var given = environment[variable].map { $0.trimmingBlanks }
    if given?.isEmpty == true {
      // What a service manager or a container sets to nothing was not set by anybody.
      warnings.append("$\(variable) is empty and counts as not set")
    } else if let text = given, links.contains(variable, text) || ServiceLinks.isAddress(variable, text) {
      warnings.append("$\(variable) is what Kubernetes says of a service, and counts as not set")
      given = nil
    }
    if let text = given, !text.isEmpty {
      origin = .environment(variable)
      if let parsed = parseText(text) {
        result = parsed
      } else {
        let shown = isSecret ? "" : ", not \"\(text.cut(bytes: 64).shown)\""
        faults.append(
          ConfigurationFault(source: "$\(variable)", key: key, reason: "must be \(allowed)\(shown)"))
      }
    } else if let value = value(at: key) {
      origin = .file(file, line: lines.line(of: key))
      if let parsed = parse(value) {
        result = parsed
      } else {
        fault(key, "must be \(allowed)" + (isSecret ? "" : ", not \(value.json(cut: 64))"))
      }
    }
    let shown = result.map(show) ?? "(none)"
    settings.append(
      Setting(
        key: key, value: isSecret && result != nil ? "(hidden)" : shown, origin: origin, allowed: allowed,
        digest: shown.hashValue))
    return result
  }

  /// A setting that neither the file nor the environment has is in a file that the service manager passes.
  mutating func noteCredential(_ key: String, _ path: String) {
    guard let index = settings.lastIndex(where: { $0.key == key }) else { return }
    settings[index].value = "(hidden)"
    settings[index].origin = .credential(path)
  }

  /// Makes what a file holds part of the setting that names it: it changes when the file does.
  mutating func noteContents(_ contents: String, of key: String) {
    guard let index = settings.lastIndex(where: { $0.key == key }) else { return }
    settings[index].digest ^= contents.hashValue
  }

  private func value(at key: String) -> Value? {
    var value: Value? = root
    for part in key.split(separator: ".") { value = value?[ByteText(part)] }
    return value
  }
}

extension String {
  /// Without blanks, tabs and line ends around it.
  var trimmingBlanks: String {
    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }
    guard let first = utf8.first, let last = utf8.last, isBlank(first) || isBlank(last) else { return self }
    let start = utf8.firstIndex { !isBlank($0) } ?? endIndex
    guard start < endIndex, let end = utf8.lastIndex(where: { !isBlank($0) }) else { return "" }
    return String(self[start...end])
  }
}
