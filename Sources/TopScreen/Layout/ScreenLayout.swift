/// Which pane stands where. A pure function of the size and of what is focused, zoomed and hidden: panes never
/// overlap and never leave the screen.
package struct ScreenLayout: Equatable, Sendable {
  package enum Mode: Equatable, Sendable {
    /// Several panes between the header and the footer.
    case grid
    /// One pane and a line to switch.
    case single
    /// Not even that.
    case tooSmall
  }

  package struct Place: Equatable, Sendable {
    package var pane: PaneKind
    package var rect: Rect
  }

  /// Below these, the screen shows one pane, or none.
  package static let smallestGrid = ScreenSize(width: 80, height: 24)
  /// Below these, many panes have no place: a line says what is wrong in them.
  static let leastWithoutTabs = ScreenSize(width: 110, height: 30)
  static let leastWidthForPreview = 160
  package static let smallestPane = ScreenSize(width: 40, height: 10)

  package var mode: Mode
  package var header: Rect
  /// Where not all panes are on the screen; else empty.
  package var switcher: Rect
  /// All panes together.
  package var body: Rect
  package var footer: Rect
  /// Beside a zoomed list on a wide screen: the details of its selected row; else empty.
  package var preview: Rect
  package var places: [Place]

  package func rect(of pane: PaneKind) -> Rect? { places.first { $0.pane == pane }?.rect }

  package var panes: [PaneKind] { places.map(\.pane) }

  package init(size: ScreenSize, focus: PaneKind, isZoomed: Bool = false, hidden: Set<PaneKind> = []) {
    let (width, height) = (size.width, size.height)
    let none = Rect(x: 0, y: 0, width: 0, height: 0)
    header = Rect(x: 0, y: 0, width: width, height: min(1, height))
    switcher = none
    body = none
    footer = none
    preview = none
    places = []
    if width < Self.smallestPane.width || height < Self.smallestPane.height {
      mode = .tooSmall
      return
    }
    footer = Rect(x: 0, y: height - 1, width: width, height: 1)
    if width < Self.smallestGrid.width || height < Self.smallestGrid.height {
      mode = .single
      switcher = Rect(x: 0, y: 1, width: width, height: 1)
      body = Rect(x: 0, y: 2, width: width, height: height - 3)
      places = [Place(pane: focus, rect: body)]
      return
    }
    mode = .grid
    body = Rect(x: 0, y: 1, width: width, height: height - 2)
    if width < Self.leastWithoutTabs.width || height < Self.leastWithoutTabs.height {
      switcher = Rect(x: 0, y: 1, width: width, height: 1)
      body = body.from(row: 1)
    }
    if isZoomed {
      var rect = body
      if width >= Self.leastWidthForPreview, focus.type.isPreviewed {
        rect.width = width * 11 / 20
        preview = Rect(x: rect.maxX, y: body.y, width: width - rect.width, height: body.height)
      }
      places = [Place(pane: focus, rect: rect)]
      return
    }
    let bands = LayoutBand.bands(for: size, rows: body.height, focus: focus, hidden: hidden)
    places = LayoutBand.places(bands, in: body)
  }
}
