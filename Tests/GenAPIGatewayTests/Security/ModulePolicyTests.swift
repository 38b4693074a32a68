import GenAPIValue
import Testing

@testable import GenAPIGateway

@Suite("Which functions a config may name")
struct ModulePolicyTests {
  private func isDenied(_ name: ByteText, allowed: Set<ByteText>? = nil) -> Bool {
    FunctionReference(parsing: name).map { ModulePolicy(allowed: allowed).fault($0) != nil } ?? true
  }

  @Test("a dot in a function's own name reaches no module that is denied or not on the allow list")
  func movedBorder() {
    // Called by the name `A.b.c`, whichever part the dots are in.
    let policy = ModulePolicy(allowed: ["A", "A.ok.run"])
    #expect(policy.fault(FunctionReference("A", "run")) == nil)
    #expect(policy.fault(FunctionReference("A", "Secret.run")) != nil)
    #expect(policy.fault(FunctionReference("A", "ok.run")) == nil)
    #expect(ModulePolicy().fault(FunctionReference("Elixir", "System.cmd")) != nil)
  }

  @Test(
    "what runs code, starts programs, or reads and writes files is denied, however it is named",
    arguments: [
      "os.cmd", "file.eval", "prim_file.read_file", "erl_prim_loader.get_file", "erl_ddll.load",
      "erl_tar.extract",
      "zip.unzip", "heart.set_cmd", "compile.file", "erl_eval.exprs", "code.load_binary", "init.stop",
      "erlang.apply", "erts_internal.open_port", "proc_lib.spawn", "timer.apply_after", "rpc.call",
      "erpc.call",
      "peer.start", "ets.tab2file", "dets.open_file", "disk_log.open", "beam_lib.chunks",
      "escript.script_name",
      "qlc.string_to_handle", "dbg.tracer", "cover.compile", "leex.file", "yecc.file",
      "merl.compile_and_load",
      "xmerl_scan.file", "httpc.request", "ssh.connect", "gen_tcp.connect", "inet_res.lookup",
      "crypto.engine_load",
      "elixir.eval", "elixir_compiler.file", "gen_server.start", "application.set_env", "logger.add_handler",
      "Elixir.System.cmd", "System.cmd", "Elixir.File.rm_rf", "File.Stream.new", "Elixir.EEx.eval_string",
      "EEx.eval_file", "Elixir.Kernel.apply", "Kernel.apply", "Elixir.Kernel.ParallelCompiler.compile",
      "Elixir.Code.eval_string", "Elixir.Mix.Tasks.Cmd.run", "Mix.install", "Elixir.IEx.Helpers.c",
      "Elixir.Task.start", "Elixir.Agent.start", "Elixir.Module.create", "Elixir.Port.open",
      "Elixir.Path.wildcard",
      "Elixir.Config.Reader.read!", "Elixir.Application.put_env", "Elixir.Elixir.System.cmd",
      "Elixir.String.to_atom", "String.to_atom", "Elixir.List.to_atom", "mod_log.store", "mod_disk_log.store",
      "mod_auth_dets.store_directory_data", "mod_auth_mnesia.add_user", "mod_get.do", "asn1_db.dbstart",
      "docgen_xml_to_chunk.main", "file_server_2.stop", "http_transport.connect", "wxFileDialog.new",
      "observer_pro_wx.start_link", "cdv_wx.start", "OptionParser.parse", "io_lib.fread",
    ])
  func denied(_ name: ByteText) { #expect(isDenied(name)) }

  @Test(
    "a service's own functions, and those that only compute, are not",
    arguments: [
      "MyApp.Api.get_user", "Elixir.MyApp.System.status", "MyApp.File.get", "my_service.call", "erlangish.f",
      "oslo.f", "lists.reverse", "maps.get", "math.pow", "Elixir.String.upcase", "String.to_integer",
      "Elixir.Enum.sum", "Elixir.DateTime.utc_now", "Systematic.f", "Kernels.f", "Elixirs.f", "elixirs.f",
      "wx_pay.get", "observer_api.get", "http_api.get", "mod_users.get", "file_api.get", "io_lib.format",
    ])
  func allowed(_ name: ByteText) { #expect(!isDenied(name)) }

  @Test("only an allow list keeps everything else out, and it does not let in what is denied")
  func allowList() {
    let allowed: Set<ByteText> = ["MyApp.Api", "MyApp.Users.find", "os"]
    #expect(
      !isDenied("MyApp.Api.anything", allowed: allowed) && !isDenied("MyApp.Users.find", allowed: allowed))
    #expect(isDenied("MyApp.Users.delete", allowed: allowed) && isDenied("os.cmd", allowed: allowed))
  }
}
