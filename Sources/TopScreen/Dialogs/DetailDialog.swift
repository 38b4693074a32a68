import GenAPIValue
import TopModel

/// Everything about one row.
package struct DetailDialog: Equatable, Sendable {
  package struct Subject: Equatable, Sendable {
    let detail: any Detail

    init(_ detail: any Detail) { self.detail = detail }

    package static func == (one: Subject, other: Subject) -> Bool {
      func equals<Value: Detail>(_ value: Value) -> Bool { other.detail as? Value == value }
      return equals(one.detail)
    }
  }

  package var subject: Subject
  package var offset = 0
  /// Of the lines that lead further: which one Enter follows.
  package var selected = 0

  package init(_ subject: Subject) { self.subject = subject }

  /// The line that Enter follows; nil when none is in sight.
  func followed(_ page: DetailPage, height: Int) -> DetailPage.Link? {
    guard !page.links.isEmpty else { return nil }
    let link = page.links[min(max(selected, 0), page.links.count - 1)]
    let first = shownOffset(page, height: height)
    return link.line >= first && link.line < first + height ? link : nil
  }

  /// The first line shown.
  func shownOffset(_ page: DetailPage, height: Int) -> Int {
    max(0, min(offset, page.lines.count - max(1, height)))
  }

  /// Goes through the lines that lead further while they are in sight, else scrolls, so that every line is reached and the
  /// next link comes when it comes into sight.
  mutating func move(by steps: Int, _ page: DetailPage, height: Int) {
    let height = max(1, height)
    let most = max(0, page.lines.count - height)
    offset = max(0, min(offset, most))
    selected = max(0, min(selected, page.links.count - 1))
    if abs(steps) == 1 {
      let next = selected + steps
      if page.links.indices.contains(next), page.links[next].line >= offset - 1,
        page.links[next].line <= offset + height
      {
        selected = next
        offset = ListState.offset(
          from: offset, showing: page.links[selected].line, count: page.lines.count, height: height)
        return
      }
    }
    offset = max(0, min(offset + steps, most))
    guard !page.links.isEmpty else { return }
    if abs(steps) > 1, offset == 0, steps < 0 {
      selected = 0
    } else if abs(steps) > 1, offset == most, steps > 0 {
      selected = page.links.count - 1
    } else if !page.links[selected].isSeen(offset, height) {
      selected = nearest(page, height, down: steps > 0)
    }
  }

  /// To the next line that leads further, or the one before, wherever it is.
  mutating func jump(by steps: Int, _ page: DetailPage, height: Int) {
    guard !page.links.isEmpty else { return }
    selected = (selected + steps + page.links.count) % page.links.count
    offset = ListState.offset(
      from: offset, showing: page.links[selected].line, count: page.lines.count, height: height)
  }

  private func nearest(_ page: DetailPage, _ height: Int, down: Bool) -> Int {
    let seen = page.links.indices.filter { page.links[$0].isSeen(offset, height) }
    return (down ? seen.first : seen.last) ?? selected
  }
}

extension DetailPage.Link {
  fileprivate func isSeen(_ offset: Int, _ height: Int) -> Bool { line >= offset && line < offset + height }
}
