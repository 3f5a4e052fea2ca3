// The options that say what a compilation tells while it runs; `compile` and `run` share them.

internal import ArgumentParser
internal import Compiler

struct ReportOptions: ParsableArguments {
    @Flag(help: "Say on the standard error stream where the time went.")
    var timeReport = false

    @Flag(name: [.short, .long], help: "Say on the standard error stream what is done.")
    var verbose = false

    /// Lets a pipeline tell what is asked for.
    ///
    /// - Parameter isWanted: whether the caller needs the report for something of its own.
    /// - Returns: What is to be shown at the end.
    func observe(_ pipeline: inout Pipeline, if isWanted: Bool = false) -> TimeReport? {
        pipeline.options.listsFunctions = timeReport
        let report = timeReport || isWanted ? TimeReport() : nil
        let isVerbose = verbose
        pipeline.observe = { event in
            report?.observe(event)
            if isVerbose, let line = Self.line(about: event) { Diagnostics.say(line) }
        }
        return report
    }

    /// What happens, in a line.
    private static func line(about event: CompilationEvent) -> String? {
        switch event {
        case .planned(let functions, let codeBytes):
            return "compiling \(functions) functions, \(codeBytes) bytes of code"
        case .generated(let part):
            return "compiled \(part.functions) functions"
                + (part.isOversized ? ", without optimisation: it would take too long" : "")
                + (part.unprovedFunctions > 0
                    ? ", \(part.unprovedFunctions) again without optimisation: an unproved access"
                    : "")
        case .linking(let words):
            return "linking: " + words.joined(separator: " ")
        case .finished(let stage, let duration):
            let name =
                switch stage {
                case .validation: "validation"
                case .codeGeneration: "code generation"
                case .linking: "linking"
                }
            return "\(name) took \(Int((duration / .milliseconds(1)).rounded())) ms"
        }
    }
}
