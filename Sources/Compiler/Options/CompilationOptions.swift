// Everything that a caller can choose about a compilation. Equal options and equal input give
// equal output, on any machine (with `--cpu native`: on any machine with the same CPU).

internal import Lowering
public import SystemPackage
// The names of the library's options are part of it, wherever else they are needed.
@_exported public import TargetModel
internal import WasmTypes

/// What a compilation produces.
public enum EmitKind: String, Sendable, Hashable, CaseIterable {
    /// A static executable.
    case executable = "exe"
    /// The program's own code as one relocatable object.
    case object = "obj"
    /// A library as an archive of one object, with a header for C.
    case archive
    /// A library that programs load, with a header for C.
    case sharedLibrary = "shared"
    /// Assembly text.
    case assembly = "asm"
    /// LLVM's intermediate representation as text, after optimisation.
    case llvmIR = "llvm-ir"
    /// The same as bitcode.
    case llvmBitcode = "llvm-bc"

    /// The extension that output names get, without a dot; nil for executables.
    public var fileExtension: String? {
        switch self {
        case .executable: nil
        case .object: "o"
        case .archive: "a"
        case .sharedLibrary: "so"
        case .assembly: "s"
        case .llvmIR: "ll"
        case .llvmBitcode: "bc"
        }
    }
}

/// What a library is called, and where it has functions of WASI from.
public struct LibraryOptions: Sendable, Hashable {
    /// What all its names in C begin with: an identifier.
    public var prefix: String

    /// Whether functions of WASI are the runtime's, and not the host's.
    public var providesWASI = true

    /// - Throws: ``CompilerError/Kind/option(_:)`` for what C or Smelt has another meaning for.
    public init(prefix: String) throws(CompilerError) {
        let isIdentifier =
            prefix.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
            && prefix.first?.isLetter == true
        let isTaken =
            Identifiers.keywords.contains(prefix) || Identifiers.familiesOfC.contains(prefix)
            || prefix.hasPrefix("smelt")
        guard isIdentifier, !isTaken else {
            throw CompilerError(
                .option(
                    "\(prefix.printable) cannot be what names in C begin with:"
                        + " say another one with --name"))
        }
        self.prefix = prefix
    }
}

/// The files by which programs use a library; nil for those that are not wanted.
public struct LibraryHeaders: Sendable, Hashable {
    /// A header for C.
    public var c: FilePath?
    /// A header for C++, which includes the one for C.
    public var cxx: FilePath?
    /// A module map, by which Swift imports the header for C.
    public var moduleMap: FilePath?

    /// None of them.
    public init() {}
}

/// The options of a compilation.
public struct CompilationOptions: Sendable, Hashable {
    /// The machine that the output is for.
    public var target: Target = .host
    /// How much work goes into faster code.
    public var optimization: OptimizationLevel = .standard
    /// Which processors of that machine the output must run on.
    public var cpu: CPU = .baseline
    /// What is produced.
    public var emit: EmitKind = .executable
    /// For libraries, and needed for those.
    public var library: LibraryOptions?
    /// How many threads may work at the same time. The output does not depend on it.
    public var jobs: Int = 1
    /// What the program may touch besides its standard streams and arguments, and its limits.
    public var grants = Grants()
    /// Folders whose files become part of the executable.
    public var embeddedFolders: [EmbeddedFolder] = []
    /// Whether to leave out what is only there for people: the symbol table and, unless they ask
    /// for debug information, backtraces.
    public var stripsSymbols = false

    /// Whether ``CompilationEvent/Part`` lists functions.
    public var listsFunctions = false

    /// What is done with the proof that accesses stay in the sandbox.
    public var accessProof = AccessProofMode.standard

    /// Whether to carry the module's debug information over.
    public var debugInformation = false

    /// Whether every access to a memory is made as the module says and in that order, so that each
    /// trap happens just where the specification says. It costs run time: loops over memory do not
    /// become vectors.
    public var exactTraps = false

    /// The exported functions that the program calls, in this order, with arguments from its command line,
    /// and whose results it prints. If there are none it calls `_start`.
    public var invocations: [String] = []

    /// Whether functions that nobody provides trap when they are called, instead of being errors.
    public var stubsImports = false

    /// Whether a program that traps shows where.
    var hasBacktraces: Bool { !stripsSymbols || debugInformation }

    /// A program for this machine, optimised, that may touch nothing.
    public init() {}
}
