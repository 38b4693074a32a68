import ErlangTerms
import Foundation
import Testing

@testable import GenAPIAttach

struct AgentProgramTests {
  @Test("what is sent has no macro in it, and its lines are those of the source")
  func expandsMacros() {
    let lines = AgentProgram.expanded.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == AgentProgram.source.split(separator: "\n", omittingEmptySubsequences: false).count)
    for line in lines where !line.hasPrefix("%") {
      #expect(!line.contains("?") || line.contains("%"), "\(line)")
      #expect(!line.hasPrefix("-define"), "\(line)")
    }
    #expect(AgentProgram.expanded.contains("-module(\(AgentProgram.module))."))
  }

  @Test("tokens are cut into forms at their dots")
  func cutsForms() {
    func token(_ kind: String) -> Term { .tuple([.atom(.init(kind)), .integer(1)]) }
    #expect(
      AgentProgram.forms(of: [token("a"), token("dot"), token("b"), token("c"), token("dot")])
        == [.list([token("a"), token("dot")]), .list([token("b"), token("c"), token("dot")])])
  }

  @Test("what is interpreted without an agent is functions that need nothing of the agent")
  func reading() {
    let text = AgentProgram.reading
    for name in ["machine", "projected", "services", "few_groups", "short"] {
      #expect(text.contains("\n\(name)("))
    }
    let code = text.split(separator: "\n").filter { !$0.trimmingCharacters(in: .whitespaces).hasPrefix("%") }
    #expect(!code.contains { $0.contains("C#c") || $0.contains("#c{") || $0.contains("quietly(") })
    let plan = AttachPlan.text("erlang:gateway@host", usesAgent: false)
    #expect(plan.contains(text) && plan.contains(AgentProgram.runner) && !plan.contains("load_binary"))
  }

  @Test("the plan of a dry run shows the calls and the whole source")
  func plan() {
    let text = AttachPlan.text("erlang:gateway@host")
    #expect(text.contains("code:load_binary"))
    #expect(text.contains("erlang:gateway@host"))
    #expect(text.contains(AgentProgram.source))
  }
}
