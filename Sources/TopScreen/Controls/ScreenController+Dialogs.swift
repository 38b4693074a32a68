import OutsideText
import TopModel

extension ScreenController {
  func handleInDialog(_ key: Key, _ state: inout ScreenState, _ content: ScreenContent) -> [ScreenAction] {
    guard let top = state.dialogs.popLast() else { return [] }
    if key.code == .escape { return [] }
    switch top {
    case .help(let help): handle(key, help, &state)
    case .palette(let palette): return handle(key, palette, &state, content)
    case .picker(let picker):
      if picker.purpose == .mark, key.code == .enter {
        pickMark(picker, &state, content)
        return []
      }
      return handle(key, picker, &state)
    case .detail(let detail): return handle(key, detail, &state, content)
    case .time(let time): return handle(key, time, &state, content)
    }
    return []
  }

  /// How far a key moves in a list of `page` lines; nil when it does not.
  private func steps(_ key: Key, page: Int, letters: Bool) -> Int? {
    switch key.code {
    case .up: -1
    case .down: 1
    case .pageUp: -page
    case .pageDown: page
    case .home where letters: -100_000
    case .end where letters: 100_000
    case .character("k") where letters && !key.isControl: -1
    case .character("j") where letters && !key.isControl: 1
    case .character("g") where letters: -100_000
    case .character("G") where letters: 100_000
    default: nil
    }
  }

  private func handle(_ key: Key, _ dialog: HelpDialog, _ state: inout ScreenState) {
    var help = dialog
    let page = max(1, state.size.height - 8)
    if help.query.text.isEmpty, key == .character("q") || key == .character("?") { return }
    if let steps = steps(key, page: page, letters: false) {
      let room = DialogView.helpRoom(in: state.size)
      let lines = HelpLines(keyMap: keyMap, context: PaneContext(), width: room.width)
        .lines(matching: help.query.text).count
      help.offset = max(0, min(help.offset + steps, lines - room.height))
    } else if help.query.handle(key) {
      help.offset = 0
    }
    state.dialogs.append(.help(help))
  }

  private func handle(
    _ key: Key, _ dialog: PaletteDialog, _ state: inout ScreenState, _ content: ScreenContent
  ) -> [ScreenAction] {
    var palette = dialog
    let matches = palette.matches
    if key.code == .enter {
      guard matches.indices.contains(palette.selected) else { return [] }
      switch matches[palette.selected] {
      case .command(let command): return run(command, state: &state, content: content)
      case .pane(let pane):
        focus(pane, &state)
        return []
      }
    }
    if let steps = steps(key, page: 10, letters: false) {
      palette.selected = max(0, min(palette.selected + steps, matches.count - 1))
    } else if palette.query.handle(key) {
      palette.selected = 0
    }
    state.dialogs.append(.palette(palette))
    return []
  }

  private func handle(
    _ key: Key, _ dialog: PickerDialog, _ state: inout ScreenState
  ) -> [ScreenAction] {
    var picker = dialog
    let shown = picker.shown
    let isSingle = picker.purpose.isSingle
    if key.code == .enter {
      if isSingle {
        guard shown.indices.contains(picker.selected) else {
          // A name that nothing was heard of yet can be asked for, too.
          if picker.purpose == .users, !picker.query.text.isEmpty {
            state.dialogs.append(.detail(DetailDialog(.init(UserDetail(name: ByteText(picker.query.text))))))
          }
          return []
        }
        let item = picker.items[shown[picker.selected]]
        if case .sort(let pane) = picker.purpose {
          pickSort(item, of: pane, &state)
        } else if picker.purpose == .users {
          let name = item.name ?? ByteText(item.label)
          state.dialogs.append(.detail(DetailDialog(.init(UserDetail(name: name)))))
        } else {
          pickScope(item, &state)
        }
        return []
      }
      if case .columns(let pane) = picker.purpose { pickColumns(picker.items, of: pane, &state) }
      guard let term = picker.purpose.term else { return [] }
      var terms = FilterText(state.settings.filter.text)
      terms.set(term, picker.items.filter(\.isOn).compactMap(\.written))
      return setFilter(terms.text, &state)
    }
    if key == .character(" "), !isSingle {
      if shown.indices.contains(picker.selected) { picker.items[shown[picker.selected]].isOn.toggle() }
    } else if let steps = steps(key, page: 10, letters: false) {
      picker.selected = max(0, min(picker.selected + steps, shown.count - 1))
    } else if picker.query.handle(key) {
      picker.selected = 0
    }
    state.dialogs.append(.picker(picker))
    return []
  }

  private func handle(
    _ key: Key, _ dialog: TimeDialog, _ state: inout ScreenState, _ content: ScreenContent
  ) -> [ScreenAction] {
    var time = dialog
    guard key.code == .enter else {
      if time.query.handle(key) { time.problem = nil }
      state.dialogs.append(.time(time))
      return []
    }
    guard
      let moment = TimeDialog.moment(
        time.query.text, newest: content.newestAt, offset: state.clockOffset, beginning: state.replayBeginsAt)
    else {
      time.problem = TimeDialog.problem(
        time.query.text, newest: content.newestAt, offset: state.clockOffset)
      state.dialogs.append(.time(time))
      return []
    }
    // Of a recording the rest can be read.
    if state.replaySpeed == nil,
      let problem = TimeDialog.stillToCome(
        time.query.text, moment, newest: content.newestAt, oldest: content.oldestAt,
        offset: state.clockOffset)
    {
      time.problem = problem
      state.dialogs.append(.time(time))
      return []
    }
    return go(to: moment, &state, content)
  }

  private func pickScope(_ item: PickerDialog.Item, _ state: inout ScreenState) {
    switch (item.service, item.requestType) {
    case (let service?, let type?):
      state.settings.latencyScope = .function(service: service, requestType: type)
    case (let service?, nil): state.settings.latencyScope = .service(service)
    default: state.settings.latencyScope = .all
    }
  }

  func openPicker(_ purpose: PickerDialog.Purpose, _ state: inout ScreenState, _ content: ScreenContent) {
    var items: [PickerDialog.Item] = []
    if let term = purpose.term {
      items = termItems(of: term, purpose, FilterText(state.settings.filter.text), content)
    } else if purpose == .users {
      items = content.names.users.map { name in
        var item = PickerDialog.Item(name.string)
        item.name = name
        return item
      }
    } else {
      let scope = state.settings.latencyScope
      items = [PickerDialog.Item("all", isOn: scope == .all)]
      for service in content.names.services {
        items.append(PickerDialog.Item(service.string, isOn: scope == .service(service), service: service))
        for type in content.names.functions.filter({ $0.service == service }).map(\.requestType) {
          let isOn = scope == .function(service: service, requestType: type)
          items.append(
            PickerDialog.Item("  \(service) \(type)", isOn: isOn, service: service, requestType: type))
        }
      }
    }
    state.dialogs.append(.picker(PickerDialog(purpose, items: items)))
  }

  /// What a filter's term can name, and what it names and the screen does not show at the moment: that can still be taken out.
  private func termItems(
    of term: String, _ purpose: PickerDialog.Purpose, _ filter: FilterText, _ content: ScreenContent
  ) -> [PickerDialog.Item] {
    let names: [ByteText] =
      switch purpose {
      case .services: content.names.services
      case .nodes: content.names.nodes
      default: FilterValues.categories.map { ByteText($0) }
      }
    let chosen = filter.values(of: term)
    let chosenNames = Set(chosen.compactMap(\.name))
    let known = Set(names)
    func item(_ label: String, _ written: String, isOn: Bool) -> PickerDialog.Item {
      var item = PickerDialog.Item(label, isOn: isOn)
      item.written = written
      return item
    }
    return names.map { item($0.string, FilterWriting.written($0), isOn: chosenNames.contains($0)) }
      + chosen.filter { !($0.name.map(known.contains) ?? false) }.map {
        item($0.name?.string ?? $0.written, $0.written, isOn: true)
      }
  }

  private func handle(
    _ key: Key, _ dialog: DetailDialog, _ state: inout ScreenState, _ content: ScreenContent
  ) -> [ScreenAction] {
    var detail = dialog
    if key == .character("q") { return [] }
    let page = page(of: detail, state, content)
    let height = state.pageHeight(page, content)
    if key == .character("y") {
      state.dialogs.append(.detail(detail))
      return [.copy(copyText(of: page, state, content))]
    }
    if keyMap.command(for: key) == .share {
      state.dialogs.append(.detail(detail))
      return [.share]
    }
    if key.code == .enter || key == .character("o") {
      let followed = detail.followed(page, height: height)
      state.dialogs.append(.detail(detail))
      if let followed { openFurther(followed.subject, &state) }
      return []
    }
    if key == .character("=") {
      state.dialogs.append(.detail(detail))
      return narrow(to: detail.subject.detail.terms(content), &state)
    }
    if key.code == .tab {
      detail.jump(by: key.isShifted ? -1 : 1, page, height: height)
    } else if let steps = steps(key, page: height, letters: true) {
      detail.move(by: steps, page, height: height)
    } else if let command = keyMap.command(for: key), travels(command, state) {
      state.dialogs.append(.detail(detail))
      return run(command, state: &state, content: content)
    }
    state.dialogs.append(.detail(detail))
    return []
  }

  /// A page of details for somebody who does not see the screen: what it is about, where and when, then its lines.
  private func copyText(of page: DetailPage, _ state: ScreenState, _ content: ScreenContent) -> String {
    ([standing(page.title, state, content)] + page.lines.map(\.text)).joined(separator: "\n")
  }

  /// The lines of a detail dialog, as they are on the screen.
  func page(of detail: DetailDialog, _ state: ScreenState, _ content: ScreenContent) -> DetailPage {
    DetailPage(
      detail, content: content,
      context: PaneContext(
        glyphs: state.usesASCII ? .ascii : .unicode, settings: state.settings, at: content.header.at,
        clockOffset: state.clockOffset),
      width: state.pageWidth(content))
  }

  /// More pages than anybody goes back through.
  private static let mostPages = 50

  /// From an event to its request, from there to each of its events, from an alert to its cause.
  private func openFurther(_ further: DetailDialog.Subject, _ state: inout ScreenState) {
    // Already inside this request: back to it instead of ever deeper.
    if state.dialogs.count > 1, case .detail(let below) = state.dialogs[state.dialogs.count - 2],
      below.subject == further
    {
      state.dialogs.removeLast()
    } else {
      state.dialogs.append(.detail(DetailDialog(further)))
      if state.dialogs.count > Self.mostPages { state.dialogs.removeFirst() }
    }
  }

  /// What the selected row is the effect of: the function or breaker of an alert, the request of an event.
  func follow(_ state: inout ScreenState, _ content: ScreenContent) {
    guard let id = state.selectedID(content) else { return open(&state, content) }
    let pane = state.focus.type.init(content, state)
    if let cause = pane.cause(of: id) ?? pane.subject(of: id) {
      state.dialogs.append(.detail(DetailDialog(cause)))
    }
  }

  /// Narrows the screen to the selected row; once more, and it is as wide as before.
  func narrowToRow(_ state: inout ScreenState, _ content: ScreenContent) -> [ScreenAction] {
    let pane = state.focus.type.init(content, state)
    guard let id = state.selectedID(content) else { return narrow(to: [], &state) }
    return narrow(to: pane.terms(of: id, content), &state)
  }

  func narrow(to terms: [FilterTermText], _ state: inout ScreenState) -> [ScreenAction] {
    guard !terms.isEmpty else {
      state.message = ScreenState.Message("no term of a filter narrows to this", .warning)
      return []
    }
    let before = state.settings.filter.text
    var text = FilterText(before)
    for term in terms { text.set(term) }
    if ByteText(text.text) == ByteText(before) {
      for term in terms { text.remove(term) }
    }
    let actions = setFilter(text.text, &state)
    if state.message == nil {
      let filter = state.settings.filter.text
      state.message = ScreenState.Message(filter.isEmpty ? "no filter" : "filter \(filter.shown)")
    }
    return actions
  }

  /// Details of the selected row.
  func open(_ state: inout ScreenState, _ content: ScreenContent) {
    if let picker = state.focus.type.picker { return openPicker(picker, &state, content) }
    if let subject = state.selectedSubject(content) { state.dialogs.append(.detail(DetailDialog(subject))) }
  }
}
