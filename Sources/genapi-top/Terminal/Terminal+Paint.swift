import CNCurses
import Foundation
import TopScreen

extension Terminal {
  /// Shows the grid. Only rows that differ from the last one are drawn, one call a run of equal style; of these
  /// ncurses sends what differs.
  func paint(_ grid: Grid) {
    if !paintRows(of: grid) {
      // The colour pairs ran out: start anew with those this grid needs.
      pairs.evictAll()
      attributes.removeAll(keepingCapacity: true)
      painted = nil
      _ = paintRows(of: grid)
    }
    painted = grid
    _ = nc_refresh()
  }

  /// Whether the terminal would take output now: a line that does not read must not hold up the loop.
  var takesOutput: Bool {
    var request = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
    return poll(&request, 1, 0) > 0
  }

  /// False when the colour pairs ran out half-way, and emptying the table can help.
  private func paintRows(of grid: Grid) -> Bool {
    let columns = min(grid.width, width)
    let previous = painted.flatMap { $0.width == grid.width && $0.height == grid.height ? $0 : nil }
    var isFresh = previous == nil
    if isFresh {
      _ = nc_erase()
      isFresh = attributes.isEmpty
    }
    for row in 0..<min(grid.height, height) {
      let range = row * grid.width..<(row + 1) * grid.width
      if let previous, previous.cells[range] == grid.cells[range] { continue }
      let runs = StyledRun.runs(of: grid.cells[range], columns: columns) { Int(nc_width($0.value)) }
      _ = nc_move(Int32(row), 0)
      for run in runs {
        guard let (bits, pair) = look(of: run.style, isFresh: isFresh) else { return false }
        _ = nc_style(bits, pair)
        run.text.withUnsafeBufferPointer { buffer in
          // On Linux a wchar_t is a code point in 32 bits, which is what a Unicode scalar is in memory.
          _ = buffer.withMemoryRebound(to: wchar_t.self) { nc_write($0.baseAddress, Int32($0.count)) }
        }
      }
    }
    return true
  }

  /// nil when no pair is left and the table is not this grid's alone.
  private func look(of style: Style, isFresh: Bool) -> (bits: attr_t, pair: Int32)? {
    if let known = attributes[style] { return known }
    var bits: attr_t = 0
    if style.isBold { bits |= nc_bold() }
    if style.isDim { bits |= nc_dim() }
    if style.isUnderlined { bits |= nc_underline() }
    if style.isReversed { bits |= nc_reverse() }
    var number: Int32 = 0
    if colors != .mono {
      let wanted = ColorPairs.Colors(
        foreground: colors.number(of: style.foreground), background: colors.number(of: style.background))
      switch pairs.pair(for: wanted) {
      case .known(let pair):
        number = pair
      case .new(let pair):
        init_extended_pair(pair, wanted.foreground, wanted.background)
        number = pair
      case .full:
        if !isFresh { return nil }
      }
    }
    // Styles are few, but a gradient may make many: 4096 entries are some 200 kB.
    if attributes.count >= 4096 { attributes.removeAll(keepingCapacity: true) }
    attributes[style] = (bits, number)
    return (bits, number)
  }
}
