// Which Smelt this is, and on which LLVM it stands.

internal import LLVMKit

/// The version of the compiler.
public enum SmeltVersion {
    /// Smelt's own version.
    public static let number = "0.1.0"

    /// The version of the LLVM library that generates code.
    public static var llvm: String { LLVM.version }

    /// One line with both versions.
    public static var banner: String { "smelt \(number) (LLVM \(llvm))" }
}
