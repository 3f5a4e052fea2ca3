// Everything that can go wrong in a compilation, as seen from outside. Text is put together when
// it is shown: one line that begins with `error:`, and a `note:` line for each remedy.

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
        /// The input is the text format.
        case textFormat
        /// The input is a component.
        case component
        /// The input is something else altogether.
        case notWebAssembly
        /// Imports that nobody provides.
        case unknownImports([UnknownImport])
        /// The module exports no `_start`: it is not a program.
        case noEntryPoint(isReactor: Bool)
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
        /// An option that does not fit the others.
        case option(String)
    }

    /// An import without a provider.
    public struct UnknownImport: Sendable, Hashable {
        public var module: String
        public var name: String
        /// What is wrong with it.
        public var reason: String
        /// A name that is provided and looks similar.
        public var similar: String?

        public init(module: String, name: String, reason: String, similar: String? = nil) {
            self.module = module
            self.name = name
            self.reason = reason
            self.similar = similar
        }
    }

    public var kind: Kind
    /// The input that the error is about, as the user called it.
    public var input: String?

    public init(_ kind: Kind, input: String? = nil) {
        self.kind = kind
        self.input = input
    }
}

extension CompilerError: CustomStringConvertible {
    /// What is wrong, without `error:` and without the input's name.
    public var message: String {
        switch kind {
        case .module(let error): "\(error)"
        case .textFormat: "this is WebAssembly's text format, not a binary module"
        case .component: "this is a component; Smelt compiles core modules"
        case .notWebAssembly: "not a WebAssembly module: it does not begin with \\0asm"
        case .unknownImports(let imports):
            "nobody provides \(imports.count == 1 ? "this import" : "these imports"): "
                + imports.map(\.description).joined(separator: ", ")
        case .noEntryPoint(isReactor: true):
            "this is a reactor, a library: it exports _initialize instead of _start"
        case .noEntryPoint(isReactor: false):
            "this is not a program: it does not export a function _start"
        case .runtimeMissing(let target, _): "the runtime for \(target.triple) is not installed"
        case .link(let error): "\(error)"
        case .llvm(let error): "LLVM: \(error)"
        case .bug(let text): text
        case .file(let path, let reason): "\(path): \(reason)"
        case .option(let text): text
        }
    }

    /// What the user can do about it.
    public var notes: [String] {
        switch kind {
        case .textFormat: ["convert it first, for example with wasm-tools parse or wat2wasm"]
        case .component:
            ["wasm-tools component unbundle shows the core modules that it contains"]
        case .unknownImports(let imports):
            imports.compactMap { item in
                item.similar.map { "\(item.module).\(item.name): did you mean \($0)?" }
            }
        case .noEntryPoint:
            ["link it as a command: with clang, leave out -mexec-model=reactor and -nostartfiles"]
        case .runtimeMissing(_, let searched):
            ["looked in \(searched.map(\.string).joined(separator: " and "))"]
        case .link(let error): error.remedy.map { [$0] } ?? []
        case .module, .notWebAssembly, .llvm, .bug, .file, .option: []
        }
    }

    /// The exit status of the command line: 1 when the input or the machine is at fault, 2 when
    /// the options are, 70 when we are.
    public var exitCode: Int32 {
        switch kind {
        case .llvm, .bug: 70
        case .link(.linkerFailed), .link(.overlappingChunks), .link(.chunkOutsideMemory): 70
        case .option: 2
        default: 1
        }
    }

    /// All lines as they are shown, joined by newlines.
    public var description: String {
        let place = input.map { "\($0): " } ?? ""
        return (["error: \(place)\(message)"] + notes.map { "note: \($0)" })
            .joined(separator: "\n")
    }
}

extension CompilerError.UnknownImport: CustomStringConvertible {
    public var description: String {
        "\(module).\(name)" + (reason.isEmpty ? "" : " (\(reason))")
    }
}
