import Foundation
import Testing
import TopModel
import TopScreen

@testable import genapi_top

@Suite struct CrashReportTests {
  @Test("a crash says which signal it was, what was being done, and what to do")
  func words() {
    let text = CrashReport.text(signal: SIGSEGV, activity: .drawingPane(.circuits))
    #expect(
      text.hasPrefix("genapi-top crashed (SIGSEGV, a bad memory access) while it drew the pane Circuits."))
    #expect(text.contains("report"))
    #expect(text.hasSuffix("\n"))
  }

  @Test("every signal and every activity has words of its own")
  func distinct() {
    let activities: [CrashReport.Activity] =
      [.waiting, .takingNews, .handlingInput, .drawing] + PaneKind.allCases.map { .drawingPane($0) }
    #expect(activities.allSatisfy { CrashReport.Activity(rawValue: $0.rawValue) == $0 })
    let texts = [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE].flatMap { signal in
      activities.map { CrashReport.text(signal: signal, activity: $0) }
    }
    #expect(Set(texts).count == 6 * activities.count)
  }
}
