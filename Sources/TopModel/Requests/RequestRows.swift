import GenAPITelemetry
import GenAPIValue

/// The functions of the requests pane in their order. A row is made when it is asked for: of ten thousand a screen shows twenty.
package struct RequestRows: RandomAccessCollection, Sendable {
  /// What rows are made of.
  struct Recipe: Sendable {
    var order: RequestOrder
    var sources: [RequestSource]
    var settings: ViewSettings
    /// The moment shown: an error after it is not known yet.
    var until: Int64

    func row(at position: Int) -> RequestRow {
      let place = order.place(at: position)
      let name = order.names.list[place]
      let length = settings.window.seconds
      var sum = FunctionSum(
        service: name.service, requestType: name.requestType, version: name.version,
        slots: Swift.min(30, length))
      for part in order.names.parts[place] {
        // There may be a hundred of them for each row, and few of them had trouble.
        let source = Int(part.source)
        sources[source].functions.look(at: Int(part.number)) { function in
          guard function.pointee.lastError != nil || function.pointee.lastRefusal != nil else { return }
          sum.meet(function.pointee, of: sources[source].name, until: until)
        }
      }
      let counted = order.names.parts.counted(place, sources)
      sum.total = FunctionTotal(counted, sources)
      sum.latency = FunctionTotal.latency(counted, sources)
      for part in counted {
        sources[Int(part.source)].addCourse(of: Int(part.number), to: &sum, length: length)
      }
      var row = sum.row
      // Live what is later than now has a clock that is ahead, and is not missed.
      if settings.moment == .live { (row.missesLastError, row.missesLastRefusal) = (false, false) }
      return row
    }

    /// The positions of functions with such names.
    func positions(where isWanted: (RequestName) -> Bool) -> [Int] {
      (0..<order.count).filter { isWanted(order.names.list[order.place(at: $0)]) }
    }
  }

  private enum Kept: Sendable {
    case rows([RequestRow])
    case recipe(Recipe, MadeRows)
  }

  private var kept: Kept

  package init(_ rows: [RequestRow] = []) { kept = .rows(rows) }

  init(_ recipe: Recipe) { kept = .recipe(recipe, MadeRows()) }

  package var startIndex: Int { 0 }

  package var endIndex: Int {
    switch kept {
    case .rows(let rows): rows.count
    case .recipe(let recipe, _): recipe.order.count
    }
  }

  package subscript(position: Int) -> RequestRow {
    switch kept {
    case .rows(let rows): rows[position]
    case .recipe(let recipe, let made): made.row(at: position) { recipe.row(at: position) }
    }
  }

  /// `RequestRow.id` of all, in order.
  package var ids: RowIDs {
    switch kept {
    case .rows(let rows): RowIDs(rows.map(\.id))
    case .recipe(let recipe, _): RowIDs(recipe.order)
    }
  }

  /// How many have a `trouble` above 1.
  package var troubled: Int {
    switch kept {
    case .rows(let rows): rows.count { $0.trouble > 1 }
    case .recipe(let recipe, _): recipe.order.troubled
    }
  }

  /// The row of an identity; nil when there is none.
  package func row(_ id: ByteText) -> RequestRow? {
    switch kept {
    case .rows(let rows): rows.first { $0.id == id }
    case .recipe(let recipe, _): recipe.order.position(of: id).map { self[$0] }
    }
  }

  /// The rows of functions with such names, in order.
  package func rows(where isWanted: (RequestName) -> Bool) -> [RequestRow] {
    switch kept {
    case .rows(let rows): rows.filter { isWanted($0.name) }
    case .recipe(let recipe, _): recipe.positions(where: isWanted).map { self[$0] }
    }
  }

  /// The same without those of a service that are hidden; only that service's rows are made.
  package func hiding(service: ByteText, where isHidden: (RequestRow) -> Bool) -> RequestRows {
    switch kept {
    case .rows(let rows): return RequestRows(rows.filter { $0.service != service || !isHidden($0) })
    case .recipe(var recipe, _):
      guard remembered("of \(service)", { $0.count { $0.service == service } }) > 0 else { return self }
      let hidden = recipe.positions { $0.service == service }.filter { isHidden(self[$0]) }
      guard !hidden.isEmpty else { return self }
      recipe.order = RequestOrder(recipe.order, without: Set(hidden))
      return RequestRows(recipe)
    }
  }

  /// How all of them are called, in no order.
  package var names: [RequestName] {
    switch kept {
    case .rows(let rows): rows.map(\.name)
    case .recipe(let recipe, _): recipe.order.names.list
    }
  }

  /// Whether another function is called the same, but for the version.
  package func hasOtherVersions(_ row: RequestRow) -> Bool {
    switch kept {
    case .rows(let rows):
      rows.contains {
        $0.service == row.service && $0.requestType == row.requestType && $0.version != row.version
      }
    case .recipe(let recipe, _):
      recipe.order.names.isOfSeveralVersions(service: row.service, requestType: row.requestType)
    }
  }

  /// A number that is made of the names alone: made once for as long as they stay.
  package func remembered(_ what: String, _ make: ([RequestName]) -> Int) -> Int {
    switch kept {
    case .rows: make(names)
    case .recipe(let recipe, _): recipe.order.names.remembered(what) { make(recipe.order.names.list) }
    }
  }
}

extension RequestRows: Equatable {
  package static func == (one: RequestRows, other: RequestRows) -> Bool {
    one.count == other.count && one.elementsEqual(other)
  }
}

extension RequestRow {
  package var name: RequestName { RequestName(service: service, requestType: requestType, version: version) }
}
