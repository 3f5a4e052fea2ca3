// How much work goes into code: one scale for the command line, the passes and LLVM's code generator.

/// How much work goes into faster code.
public enum OptimizationLevel: String, Sendable, Hashable, CaseIterable {
    /// As little as possible: the fastest compilation.
    case none = "O0"
    /// A little.
    case less = "O1"
    /// What pays for most programs.
    case standard = "O2"
    /// Everything, whatever it costs.
    case aggressive = "O3"
    /// Small code rather than fast code.
    case size = "Os"
}
