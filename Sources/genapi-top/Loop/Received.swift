/// What became of a look at what came.
enum Received {
  case nothing
  /// Nothing that cannot be shown with the next second.
  case quiet
  case news
}
