// Everything that can go wrong in a compilation, as seen from outside. What is shown is put
// together in CompilerError+Text.swift, when it is shown.

public import Linking
public import LLVMKit
public import SystemPackage
public import WasmTypes

/// A failed compilation.
public struct CompilerError: Error, Sendable {
    /// What went wrong.
    public enum Kind: Sendable {
        /// The module is malformed, invalid, too large or uses what is not supported yet.
        case module(ModuleError)
        /// The input is the text format, and wasm-tools, which translates it, is not installed.
        case wasmToolsMissing
        /// The input is the text format and wasm-tools refuses it.
        case malformedText(TextProblem)
        /// The input is a component, where only modules will do.
        case notModule
        /// What is wrong with a component, in a sentence without a full stop.
        case component(String)
        /// The component does not export what makes it a command; functions that it exports.
        case noComponentCommand(functions: [String])
        /// The input has not been linked yet.
        case notLinked
        /// The input is something else altogether; what it looks like, if that is known.
        case notWebAssembly(looksLike: String?)
        /// Imports without a provider.
        case unknownImports([UnknownImport])
        /// The module exports no `_start`: it is not a program.
        case noEntryPoint(isReactor: Bool, functions: [String])
        /// What `--invoke` names is no function that the module exports.
        case unknownFunction(String, functions: [String])
        /// What `--invoke` names takes a reference, for which there are no words.
        case referenceParameter(String, type: String)
        /// The module's `_start` does nothing, and it exports other functions. Only ever a warning.
        case emptyEntryPoint(functions: [String])
        /// The module exports a `_start` with parameters or results, of this type.
        case entryPointType(String)
        /// The module's debug information is missing or damaged. Only ever a warning.
        case debugInformation(DebugProblem)
        /// So many functions were left without optimisation, since accesses were not proved to stay in
        /// the sandbox. Only ever a warning.
        case unprovedAccesses(functions: Int)
        /// Functions, of which one is named, that are compiled without optimisation, since that
        /// would take too long. Only ever a warning.
        case excessiveFunctions(count: Int, first: String)
        /// The runtime for a target is not installed.
        case runtimeMissing(Target, searched: [FilePath])
        /// The linker is missing or failed.
        case link(LinkError)
        /// LLVM failed: a bug of ours.
        case llvm(LLVMError)
        /// Another bug of ours.
        case bug(String)
        /// A file could not be read or written.
        case file(FilePath, reason: String)
        /// A manifest of functions for a database or an interpreter does not fit the module.
        case manifest(ManifestProblem)
        /// An option that does not fit the others.
        case option(String)
    }

    /// What is wrong with debug information.
    public enum DebugProblem: Sendable, Hashable {
        /// There is none.
        case missing
        /// Some of it cannot be read, for a reason.
        case damaged(String)
    }

    /// What is wrong with a manifest.
    public struct ManifestProblem: Sendable, Hashable {
        /// The file, unless there is none.
        public var path: FilePath?
        /// The number of the line.
        public var line: Int
        /// What is wrong.
        public var message: String
        /// What can be done about it.
        public var remedy: String
    }

    /// What wasm-tools says about a text.
    public struct TextProblem: Sendable, Hashable {
        /// What is wrong.
        public var message: String
        /// Where, in wasm-tools' own words: the line with a mark below the place.
        public var excerpt: [String]
    }

    /// An import without a provider.
    public struct UnknownImport: Sendable, Hashable {
        /// The name of the module that it is imported from.
        public var module: String
        /// The name of what is imported.
        public var name: String
        /// What is wrong with it.
        public var reason: String
        /// A name that is provided and looks similar.
        public var similar: String?
        /// Whether a module provides it, but not as it is imported.
        public var isIncompatible = false
        /// Whether it is a function of an interface, which a component imports.
        public var isOfComponent = false

        /// An import with the names that the module gives it.
        public init(module: String, name: String, reason: String, similar: String? = nil) {
            self.module = module
            self.name = name
            self.reason = reason
            self.similar = similar
        }
    }

    /// What went wrong.
    public var kind: Kind
    /// The input that the error is about, as the user called it.
    public var input: String?
    /// For errors in a function: its name in the module, if it has one.
    public var functionName: String?
    /// For errors in an instruction: the instruction in the text format.
    public var instruction: String?
    /// For bugs of ours: the SHA-256 of the input in hexadecimal digits.
    public var inputDigest: String?
    /// Whether the work goes on all the same.
    public var isWarning = false
    /// What else stands in the way, in the same module.
    public var others: [CompilerError] = []
    /// Remedies in addition to those that follow from the kind.
    public var furtherNotes: [String] = []

    /// An error that has not found its input yet.
    public init(_ kind: Kind, input: String? = nil) {
        self.kind = kind
        self.input = input
    }

    /// The exit status of the command line: 1 when the input or the machine is at fault, 2 when
    /// the options are, 70 when we are.
    public var exitCode: Int32 {
        switch kind {
        case .llvm, .bug: 70
        case .link(.linkerFailed), .link(.malformedELF), .link(.overlappingChunks),
            .link(.chunkOutsideMemory), .link(.memoryTooLarge):
            70
        case .option: 2
        default: 1
        }
    }

    /// For errors in a module: where, in bytes from the start of the file.
    public var offset: Int? {
        if case .module(let error) = kind { error.offset } else { nil }
    }

    /// For errors in a function: its index.
    public var functionIndex: UInt32? {
        if case .module(let error) = kind { error.function } else { nil }
    }

    /// Whether this is a bug of ours.
    public var isBug: Bool { exitCode == 70 }
}
