/// Which key does what. Digits always focus panes.
package struct KeyMap: Equatable, Sendable {
  private var commands: [Key: Command]

  package static let standard = KeyMap(commands: Dictionary(uniqueKeysWithValues: standardKeys))

  private init(commands: [Key: Command]) { self.commands = commands }

  package func command(for key: Key) -> Command? { commands[key] }

  /// The keys of a command, the shortest label first.
  package func keys(for command: Command) -> [Key] {
    commands.filter { $0.value == command }.map(\.key)
      .sorted { ($0.label.count, $0.label) < ($1.label.count, $1.label) }
  }

  /// The standard keys with those of some commands replaced, as a configuration file says it.
  ///
  /// - Throws: `KeyMapError` for a command or a key that does not exist, or a key given twice.
  package init(replacing changes: [String: [String]]) throws {
    commands = Self.standard.commands
    var taken: [Key: String] = [:]
    for (name, keyNames) in changes.sorted(by: { $0.key < $1.key }) {
      guard let command = Command(rawValue: name) else { throw KeyMapError.unknownCommand(name) }
      for (key, old) in commands where old == command && taken[key] == nil { commands[key] = nil }
      for keyName in keyNames {
        guard let key = Key(name: keyName) else { throw KeyMapError.unknownKey(keyName, command: name) }
        if let other = taken[key] { throw KeyMapError.takenTwice(keyName, other, name) }
        taken[key] = name
        commands[key] = command
      }
    }
  }

  private static let standardKeys: [(Key, Command)] = [
    (.character("?"), .help), (Key(.function(1)), .help), (.character("q"), .quit), (.control("c"), .quit),
    (Key(.escape), .back), (.character(":"), .palette), (Key(.tab), .focusNext),
    (Key(.tab, shift: true), .focusPrevious), (.character("h"), .focusLeft), (.character("l"), .focusRight),
    (.character("k"), .up), (Key(.up), .up), (.character("j"), .down), (Key(.down), .down),
    (Key(.pageUp), .pageUp), (.control("b"), .pageUp), (Key(.pageDown), .pageDown),
    (.character("g"), .top), (.character("G"), .bottom), (Key(.enter), .open), (.character("z"), .zoom),
    (.character("x"), .hidePane), (.character("X"), .showAllPanes), (.character("/"), .filter),
    (.control("u"), .clearFilter), (.character("f"), .pickServices), (.character("n"), .pickNodes),
    (.control("f"), .find), (Key(.function(3)), .findNext),
    (.character("N"), .findPrevious), (.character("<"), .sortBy), (.character(">"), .sortBy),
    (.character("F"), .chooseColumns), (.character("W"), .saveLayout), (.character("D"), .compare),
    (.character("e"), .pickEvents), (.character("s"), .sort), (.character("S"), .reverseSort),
    (.character("b"), .group), (.character("B"), .groupBack),
    (.character("m"), .latencyMode), (.character("v"), .latencyScope), (.character("c"), .nextCircuitView),
    (.character("C"), .previousCircuitView), (.character("w"), .window), (.character(" "), .pause),
    (Key(.left), .timeBack), (Key(.right), .timeForward), (Key(.left, shift: true), .timeBackFast),
    (Key(.right, shift: true), .timeForwardFast), (.character("["), .timeBackMinute),
    (.character("]"), .timeForwardMinute), (Key(.home), .timeStart), (Key(.end), .timeEnd),
    (.character("-"), .slower), (.character("+"), .faster), (.character("R"), .record),
    (.character("o"), .follow), (.character("="), .narrow), (.character("u"), .findUser),
    (.character("T"), .goToTime), (.character("t"), .theme), (.character("y"), .copy),
    (.character("P"), .share),
    (.control("l"), .redraw),
  ]
}
