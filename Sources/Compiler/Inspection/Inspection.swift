// What a module contains, for people and for scripts: the result of `smelt inspect`.

internal import FoundationEssentials
internal import Lowering
internal import WasmBinary
internal import WasmTypes
internal import WasmValidation

/// A description of a module.
public struct Inspection: Encodable, Sendable, Hashable {
    /// An import.
    public struct ImportItem: Encodable, Sendable, Hashable {
        /// The name of the module that it is imported from.
        public var module: String
        /// The name of what is imported.
        public var name: String
        /// `function`, `table`, `memory`, `global` or `tag`.
        public var kind: String
        /// In the text format's words.
        public var type: String
        /// Whether Smelt's runtime provides it.
        public var isProvided: Bool
    }

    /// An export.
    public struct ExportItem: Encodable, Sendable, Hashable {
        /// The name that it is exported under.
        public var name: String
        /// `function`, `table`, `memory`, `global` or `tag`.
        public var kind: String
        /// In the text format's words.
        public var type: String
    }

    /// A linear memory.
    public struct MemoryItem: Encodable, Sendable, Hashable {
        /// `i32` or `i64`.
        public var addressType: String
        /// In bytes.
        public var pageSize: UInt64
        /// The size that it begins with, in pages.
        public var minimumPages: UInt64
        /// The size that it cannot grow beyond, in pages, if there is one.
        public var maximumPages: UInt64?
        /// Whether threads may share it.
        public var isShared: Bool
        /// Whether it is another module's.
        public var isImported: Bool
    }

    /// A section of the file.
    public struct SectionItem: Encodable, Sendable, Hashable {
        /// The kind of section; for custom ones `custom` and their name.
        public var name: String
        /// In bytes.
        public var size: Int
    }

    /// `command` (exports `_start`), `reactor` (exports `_initialize`) or `library`.
    public var kind: String
    /// The size of the file in bytes.
    public var size: Int
    /// What the module needs, in the module's order.
    public var imports: [ImportItem]
    /// What the module offers, in the module's order.
    public var exports: [ExportItem]
    /// All memories, imported ones first.
    public var memories: [MemoryItem]
    /// How many functions the module defines itself.
    public var functionCount: Int
    /// How many tables there are, imported ones included.
    public var tableCount: Int
    /// How many globals there are, imported ones included.
    public var globalCount: Int
    /// How many data segments there are.
    public var dataSegmentCount: Int
    /// The proposals whose parts the module uses, by their names.
    public var features: [String]
    /// The file's sections in order.
    public var sections: [SectionItem]

    /// Describes a module, which must be valid.
    ///
    /// - Parameters:
    ///   - input: The module, binary or text.
    ///   - toolchain: Where wasm-tools is looked for if the input is text.
    public init(
        of input: CompilerInput, toolchain: Toolchain = .ofThisExecutable
    ) async throws(CompilerError) {
        let validated: ValidatedModule
        do throws(CompilerError) {
            let bytes = try await input.binary(toolchain)
            do throws(CompilerError) {
                validated = try Frontend.load(bytes)
            } catch {
                throw error.located(in: bytes)
            }
        } catch {
            throw error.about(input)
        }
        let module = validated.module
        func has(_ name: String) -> Bool {
            module.exports.contains { $0.name == name && $0.kind == .function }
        }
        kind = has("_start") ? "command" : has("_initialize") ? "reactor" : "library"
        size = module.bytes.count
        imports = module.imports.map { item in
            ImportItem(
                module: item.module, name: item.name, kind: item.type.kindName,
                type: Self.text(of: item.type, in: module),
                isProvided: ImportCheck.problem(with: item, in: module) == nil)
        }
        exports = module.exports.map { item in
            let type = Self.type(of: item, in: module)
            return ExportItem(
                name: item.name, kind: type.kindName, type: Self.text(of: type, in: module))
        }
        memories = module.memories.enumerated().map { index, type in
            MemoryItem(
                addressType: type.addressType == .i32 ? "i32" : "i64",
                pageSize: 1 << UInt64(type.pageSizeLog2), minimumPages: type.limits.minimum,
                maximumPages: type.limits.maximum, isShared: type.isShared,
                isImported: index < module.importedMemoryCount)
        }
        functionCount = module.bodies.count
        tableCount = module.tables.count
        globalCount = module.globals.count
        dataSegmentCount = module.dataSegments.count
        var used = validated.usedFeatures
        used.remove(.minimumViableProduct)
        features = used.features.map(\.name)
        sections = Self.sections(of: module)
    }

    private static func type(of item: Export, in module: Module) -> ExternalType {
        let index = Int(item.index)
        return switch item.kind {
        case .function: .function(module.functions[index])
        case .table: .table(module.tables[index])
        case .memory: .memory(module.memories[index])
        case .global: .global(module.globals[index])
        case .tag: .tag(module.tags[index])
        }
    }

    private static func text(of type: ExternalType, in module: Module) -> String {
        func limits(_ limits: Limits) -> String {
            "\(limits.minimum)" + (limits.maximum.map { " \($0)" } ?? "")
        }
        func signature(_ index: TypeIndex) -> String {
            module.types[Int(index)].functionType.map { "\($0)" } ?? "type \(index)"
        }
        return switch type {
        case .function(let index): signature(index)
        case .table(let table): "\(limits(table.limits)) \(table.element)"
        case .memory(let memory):
            (memory.addressType == .i64 ? "i64 " : "") + limits(memory.limits)
                + (memory.isShared ? " shared" : "")
        case .global(let global):
            global.isMutable ? "(mut \(global.valueType))" : "\(global.valueType)"
        case .tag(let tag): signature(tag.type)
        }
    }

    private static func sections(of module: Module) -> [SectionItem] {
        let names = [
            "custom", "type", "import", "function", "table", "memory", "global", "export", "start",
            "element", "code", "data", "data count", "tag",
        ]
        return module.sections.map { section in
            let id = Int(section.id)
            var name = id < names.count ? names[id] : "section \(id)"
            if id == 0 {
                let custom = module.customSections.first { section.range.contains($0.range) }
                name = custom.map { "custom \($0.name)" } ?? "custom name"
            }
            return SectionItem(name: name, size: section.range.count)
        }
    }
}

extension Range<Int> {
    fileprivate func contains(_ other: Range<Int>) -> Bool {
        lowerBound <= other.lowerBound && other.upperBound <= upperBound
    }
}

extension Inspection {
    /// The description as JSON, with sorted keys.
    public var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        // Nothing in here fails to encode: strings, numbers and lists of them.
        let data = (try? encoder.encode(self)) ?? Data()
        return String(decoding: data, as: UTF8.self).printableJSON
    }

    /// The description as text for people.
    public var text: String {
        var lines = [
            "\(kind), \(size) bytes, \(functionCount) functions, \(tableCount) tables, "
                + "\(globalCount) globals, \(dataSegmentCount) data segments"
        ]
        func list(_ title: String, _ items: [String]) {
            guard !items.isEmpty else { return }
            lines += ["", "\(title):"] + items.map { "  \($0.printable)" }
        }
        list(
            "imports",
            imports.map { item in
                "\(item.module).\(item.name) \(item.kind) \(item.type)"
                    + (item.isProvided ? "" : "  (nobody provides it)")
            })
        list("exports", exports.map { "\($0.name) \($0.kind) \($0.type)" })
        list("memories", memories.map(\.description))
        list("features", features)
        list("sections", sections.map { "\($0.name) \($0.size) bytes" })
        return lines.joined(separator: "\n")
    }
}

extension Inspection.MemoryItem: CustomStringConvertible {
    /// One line, with the minimum and the maximum.
    public var description: String {
        let maximum = maximumPages.map { "at most \($0)" } ?? "no maximum"
        return "\(addressType), \(minimumPages) pages of \(pageSize) bytes, \(maximum)"
            + (isShared ? ", shared" : "") + (isImported ? ", imported" : "")
    }
}
