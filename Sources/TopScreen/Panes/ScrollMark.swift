/// Where in a list one is, as a thumb on the frame at the right.
enum ScrollMark {
  static func draw(
    into grid: inout Grid, x: Int, rect: Rect, offset: Int, count: Int, context: PaneContext
  ) {
    guard count > rect.height, rect.height >= 2 else { return }
    let length = max(1, rect.height * rect.height / count)
    let most = count - rect.height
    let start = (rect.height - length) * min(max(offset, 0), most) / most
    for row in 0..<length {
      grid.place(
        context.glyphs.scrollThumb, width: 1, at: x, rect.y + start + row,
        context.style(context.isFocused ? .borderFocused : .muted))
    }
  }
}
