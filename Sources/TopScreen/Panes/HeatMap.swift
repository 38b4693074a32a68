import TopModel

/// Latencies by time and by how long requests took, as cells that one can go through.
struct HeatMap {
  /// A cell, by the number of its time slot and of its row, from the bottom.
  struct Place: Equatable {
    var slot: Int
    var row: Int
  }

  let view: LatencyView
  /// The bands that each row stands for, from the bottom: several where they do not fit.
  let rows: [ClosedRange<Int>]
  /// The row that each line of the screen shows, from the bottom: several lines a row where there is room.
  let lines: [Int]
  /// Of the fullest cell.
  let highest: Int64

  /// nil where nothing ran, or nothing can be shown.
  ///
  /// - Parameter durations: the latencies of the cell that is looked at: a row stays theirs, where the bands and the height allow it.
  init?(_ view: LatencyView, height: Int, keeping durations: Range<Int64>? = nil) {
    let used = view.histogram.indices.filter { view.histogram[$0] > 0 }
    guard let first = used.first, let last = used.last, height > 0, !view.slots.isEmpty else { return nil }
    let kept = durations.flatMap(view.bands)
    let bands = kept.map { min(first, $0.lowerBound)...max(last, $0.upperBound) } ?? first...last
    let rows =
      kept.flatMap { Self.rows(of: bands, keeping: $0, height: height) }
      ?? Self.rows(of: bands, height: height)
    // A single band over the whole height would be a wall.
    let count = bands.count > height ? rows.count : min(height, rows.count * 3)
    lines = (0..<count).map { $0 * rows.count / count }
    self.view = view
    self.rows = rows
    highest = max(
      1,
      view.slots.reduce(0) { most, slot in
        rows.reduce(most) { max($0, Self.count(slot, $1)) }
      })
  }

  private static func rows(of bands: ClosedRange<Int>, height: Int) -> [ClosedRange<Int>] {
    let perRow = (bands.count + height - 1) / height
    return stride(from: bands.lowerBound, through: bands.upperBound, by: perRow)
      .map { $0...min(bands.upperBound, $0 + perRow - 1) }
  }

  /// One of the rows is of just the bands to keep; nil where there is no room for that.
  private static func rows(of bands: ClosedRange<Int>, keeping kept: ClosedRange<Int>, height: Int)
    -> [ClosedRange<Int>]?
  {
    let first = (bands.count + height - 1) / height
    for perRow in first...max(first, bands.count) {
      let below = stride(from: kept.lowerBound - 1, through: bands.lowerBound, by: -perRow)
        .map { max(bands.lowerBound, $0 - perRow + 1)...$0 }
      let above = stride(from: kept.upperBound + 1, through: bands.upperBound, by: perRow)
        .map { $0...min(bands.upperBound, $0 + perRow - 1) }
      if below.count + 1 + above.count <= height { return below.reversed() + [kept] + above }
    }
    return nil
  }

  private static func count(_ slot: LatencyView.Slot, _ bands: ClosedRange<Int>) -> Int64 {
    bands.reduce(0) { $0.saturatingAdd(slot.bands.indices.contains($1) ? slot.bands[$1] : 0) }
  }

  /// Requests in a cell.
  func count(_ place: Place) -> Int64 {
    guard view.slots.indices.contains(place.slot), rows.indices.contains(place.row) else { return 0 }
    return Self.count(view.slots[place.slot], rows[place.row])
  }

  /// How long requests of a row took, in microseconds.
  func durations(_ row: Int) -> Range<Int64> {
    let (first, next) = (rows[row].lowerBound, rows[row].upperBound + 1)
    let low = view.bandBounds.indices.contains(first) ? view.bandBounds[first] : 0
    let high = view.bandBounds.indices.contains(next) ? view.bandBounds[next] : .max
    return low..<max(low.saturatingAdd(1), high)
  }

  /// 0 … 1. The square root keeps the rare slow request visible beside the many fast ones.
  func heat(_ count: Int64) -> Double { min(1, (Double(count) / Double(highest)).squareRoot()) }

  /// Where each shade begins, in requests; a shade that none can have is left out.
  func steps(shades: Int) -> [(shade: Int, from: Int64)] {
    var steps: [(shade: Int, from: Int64)] = []
    for shade in 0..<shades {
      let share = Double(shade) / Double(shades)
      let from = max(1, Int64((share * share * Double(highest)).rounded(.up)))
      guard min(shades - 1, Int(heat(from) * Double(shades))) == shade, steps.last?.from != from else {
        continue
      }
      steps.append((shade, from))
    }
    return steps
  }

  /// Where one begins: the slowest requests, the latest of them.
  var slowest: Place {
    let row = rows.indices.last { row in view.slots.contains { Self.count($0, rows[row]) > 0 } } ?? 0
    return Place(slot: view.slots.lastIndex { Self.count($0, rows[row]) > 0 } ?? 0, row: row)
  }

  func place(of cursor: HeatCursor) -> Place {
    let slot = view.slot(of: cursor.second) ?? (cursor.second > view.endSecond ? view.slots.count - 1 : 0)
    let row = rows.indices.last { durations($0).lowerBound <= cursor.durations.lowerBound } ?? 0
    return Place(slot: slot, row: row)
  }

  func cursor(at place: Place) -> HeatCursor {
    HeatCursor(seconds: view.seconds(of: place.slot), durations: durations(place.row))
  }

  func moved(_ place: Place, slots: Int, rows: Int) -> Place {
    Place(
      slot: min(max(place.slot + slots, 0), view.slots.count - 1),
      row: min(max(place.row + rows, 0), self.rows.count - 1))
  }

  /// The slot that a column of the plot shows.
  func slot(column: Int, width: Int) -> Int { column * view.slots.count / max(1, width) }
}

/// The cell that is looked at: it stays with its second and its latencies while the map moves on.
package struct HeatCursor: Equatable, Sendable {
  /// Since the Unix epoch.
  package var seconds: ClosedRange<Int64>
  /// Microseconds.
  package var durations: Range<Int64>

  package var second: Int64 { seconds.upperBound }
}
