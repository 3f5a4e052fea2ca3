// Which processors programs are made for.

/// Which processors the output must run on.
public enum CPU: Sendable, Hashable {
    /// Every machine of the last ten years: x86-64-v2, armv8-a.
    case baseline
    /// The machine that compiles. Only for the host's own target.
    case native
    /// A processor by LLVM's name, such as `znver4` or `neoverse-n1`.
    case named(String)
}
