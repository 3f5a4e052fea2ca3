// `smelt targets`: what this installation compiles for.

internal import ArgumentParser
internal import Compiler

struct TargetsCommand: DiagnosingCommand {
    static let configuration = CommandConfiguration(
        commandName: "targets", abstract: "List the targets and their default processors.")

    @OptionGroup var diagnostics: DiagnosticOptions

    func run() throws {
        let toolchain = Toolchain.ofThisExecutable
        for target in Target.allCases {
            var remarks = ["cpu \(target.baselineName)"]
            if target == .host { remarks.append("default") }
            if !toolchain.supports(target) { remarks.append("runtime not installed") }
            try Output.print("\(target.triple)  (\(remarks.joined(separator: ", ")))")
        }
    }
}
