// The header of a library for C and C++: what all libraries have in common, the type of instances, and
// a declaration with a comment for everything that the module exports or imports.
//
// Names of the module are in comments only, made printable, and never the last thing in a line.

internal import Lowering
internal import WasmBinary
internal import WasmTypes

/// Writes the header of a library.
struct LibraryHeader {
    let library: LibraryPlan
    let module: Module
    private let common: String
    var prefix: String { library.prefix }

    /// - Parameter common: the text of smelt.h.
    init(_ library: LibraryPlan, module: Module, common: String) {
        self.library = library
        self.module = module
        self.common = common
    }

    /// What the library defines for others: the name in C by the one that it is linked by.
    var symbols: [String: String] {
        Dictionary(
            uniqueKeysWithValues: endings.map { (LibraryPlan.placeholder + $0, "\(prefix)_\($0)") })
    }

    private var endings: [String] {
        var endings = ["new", "free", "reset", "error"] + library.functions.map(\.identifier)
        for memory in library.memories {
            endings += ["data", "size", "grow"].map { "\(memory.identifier)_\($0)" }
        }
        endings += library.tables.map { "\($0.identifier)_size" }
        for global in library.globals {
            endings.append("\(global.identifier)_get")
            if module.globals[Int(global.index)].isMutable {
                endings.append("\(global.identifier)_set")
            }
        }
        return endings
    }

    /// The whole header.
    var text: String {
        let guardName = "SMELT_LIBRARY_\(prefix.uppercased())_\(prefix.utf8.count)_H"
        let lines =
            [
                "// The library \(prefix), compiled from WebAssembly by \(SmeltVersion.banner).",
                "// This file is made by the compiler: change the module instead.", "",
                common,
                "#ifndef \(guardName)", "#define \(guardName)", "",
                "#ifdef __cplusplus", "extern \"C\" {", "#endif", "",
            ] + instances + imports + making + library.functions.flatMap(call)
            + library.memories.flatMap(memory) + library.tables.flatMap(table)
            + library.globals.flatMap(global) + ["#ifdef __cplusplus", "}", "#endif", "", "#endif"]
        return lines.joined(separator: "\n") + "\n"
    }

    // Instances ------------------------------------------------------------------------------

    private var instances: [String] {
        [
            "// An instance of the module. One thread at a time may call the functions below with it.",
            "typedef struct \(prefix) \(prefix);", "",
        ]
    }

    private var imports: [String] {
        var lines = [
            "// What the module imports. Begin with zeros, and set `size`.",
            "typedef struct \(prefix)_imports {",
            "    size_t size;    // sizeof(\(prefix)_imports)",
            "    void *context;  // handed to each of the functions",
        ]
        if !library.functionImports.isEmpty {
            lines += [
                "",
                "    // Functions. Each returns SMELT_OK, or something else to end the call that"
                    + " the guest is in,",
                "    // which then fails with SMELT_HOST_FAILED. None may leave otherwise: no longjmp,"
                    + " no exceptions.",
            ]
        }
        for item in library.orderedImports {
            let parameters =
                ["void *context", "\(prefix) *instance"] + parameters(of: item.type)
                + results(of: item.type)
            lines.append("    // \(quoted(item.module)) \(quoted(item.name)): \(item.type).")
            lines.append(
                "    uint32_t (*\(item.identifier))(\(parameters.joined(separator: ", ")));")
        }
        if !library.globalImports.isEmpty {
            lines += ["", "    // Globals: each instance has its own, which begin with these."]
        }
        for item in library.globalImports {
            lines.append("    // \(quoted(item.module)) \(quoted(item.name)).")
            lines.append("    \(value(item.type.valueType)) \(item.identifier);")
        }
        return lines + ["} \(prefix)_imports;", ""]
    }

    private var making: [String] {
        let imported =
            library.functionImports.isEmpty && library.globalImports.isEmpty
            ? "The module imports nothing from its host: `imports` may be null."
            : "`imports` is copied."
        let start =
            library.initialize == nil ? "" : " and calls its `_initialize`"
        return [
            "// Makes an instance\(start). \(imported)",
            "// Null for `options` means all defaults. On failure the result is null, and `error`, unless"
                + " null, says why.",
            "// May be called by any threads at the same time.",
            "\(prefix) *\(prefix)_new(const \(prefix)_imports *imports, const smelt_options *options,",
            "    smelt_error *error);", "",
            "// Frees an instance; null is none. SMELT_BUSY if it is in a call: it stays then.",
            "enum smelt_status \(prefix)_free(\(prefix) *instance);", "",
            "// Makes an instance what a new one is, faster than making one. SMELT_BUSY if it is in a call; what"
                + " fails",
            "// otherwise is its start.",
            "enum smelt_status \(prefix)_reset(\(prefix) *instance);", "",
            "// Why the last call that failed did, until the next one fails.",
            "const smelt_error *\(prefix)_error(const \(prefix) *instance);", "",
        ]
    }

    // Exports --------------------------------------------------------------------------------

    private func call(_ export: LibraryPlan.Exported) -> [String] {
        let type = module.functionType(export.index)!
        let words = ["\(prefix) *instance"] + parameters(of: type) + results(of: type)
        return [
            "// Calls the function \(quoted(export.name)): \(type).",
            "enum smelt_status \(prefix)_\(export.identifier)(\(words.joined(separator: ", ")));",
            "",
        ]
    }

    private func memory(_ export: LibraryPlan.Exported) -> [String] {
        let name = "\(prefix)_\(export.identifier)"
        return [
            "// The memory \(quoted(export.name)): where it begins, which never changes, its size in"
                + " bytes, and growing",
            "// it by pages, which fails with SMELT_NO_RESOURCES. `old_pages` may be null.",
            "void *\(name)_data(\(prefix) *instance);",
            "uint64_t \(name)_size(\(prefix) *instance);",
            "enum smelt_status \(name)_grow(\(prefix) *instance, uint64_t pages, uint64_t *old_pages);",
            "",
        ]
    }

    private func table(_ export: LibraryPlan.Exported) -> [String] {
        [
            "// How many elements the table \(quoted(export.name)) has.",
            "uint64_t \(prefix)_\(export.identifier)_size(\(prefix) *instance);", "",
        ]
    }

    private func global(_ export: LibraryPlan.Exported) -> [String] {
        let type = module.globals[Int(export.index)]
        let name = "\(prefix)_\(export.identifier)"
        let isVector = type.valueType == .v128
        var lines = [
            "// The value of the global \(quoted(export.name)).",
            isVector
                ? "void \(name)_get(\(prefix) *instance, smelt_v128 *value);"
                : "\(value(type.valueType)) \(name)_get(\(prefix) *instance);",
        ]
        if type.isMutable {
            if type.valueType.isReference {
                lines.insert(
                    "// Setting it is SMELT_BAD_ARGUMENT for what is not of its type: \(type.valueType).",
                    at: 1)
            }
            let result = type.valueType.isReference ? "enum smelt_status" : "void"
            lines.append(
                "\(result) \(name)_set(\(prefix) *instance, \(parameter(type.valueType)) value);")
        }
        return lines + [""]
    }

    // Types ----------------------------------------------------------------------------------

    func value(_ type: ValueType) -> String {
        switch type {
        case .i32: "uint32_t"
        case .i64: "uint64_t"
        case .f32: "float"
        case .f64: "double"
        case .v128: "smelt_v128"
        case .reference: "smelt_reference"
        }
    }

    private func parameter(_ type: ValueType) -> String {
        type == .v128 ? "const smelt_v128 *" : value(type)
    }

    func parameters(of type: FunctionType) -> [String] {
        type.parameters.enumerated().map { "\(parameter($1)) p\($0)" }
    }

    private func results(of type: FunctionType) -> [String] {
        let isSingle = type.results.count == 1
        return type.results.enumerated().map { "\(value($1)) *result\(isSingle ? "" : "\($0)")" }
    }

    func quoted(_ name: String) -> String { "\"\(name.printable)\"" }
}
