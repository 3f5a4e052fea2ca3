// A decoded module: the sections as index spaces, with the bytes that they came from.
//
// Function bodies, constant expressions and segment contents are byte ranges into `bytes`; they
// are decoded when they are iterated, so a module costs little more than its file. Decoding
// has checked the structure only; whether it means anything is validation's question.

public import WasmTypes

/// A WebAssembly module (section 2.5).
public struct Module: Sendable {
    /// The whole file.
    public var bytes: [UInt8]

    /// All type definitions, recursive groups flattened.
    public var types: [SubType] = []
    /// Which types form a recursive group together; every type is in exactly one.
    public var recursionGroups: [Range<Int>] = []
    public var imports: [Import] = []

    /// The type of each function of the index space, imported ones first.
    public var functions: [TypeIndex] = []
    public var tables: [TableType] = []
    public var memories: [MemoryType] = []
    public var globals: [GlobalType] = []
    public var tags: [TagType] = []

    /// How many of each index space are imported.
    public var importedFunctionCount = 0
    public var importedTableCount = 0
    public var importedMemoryCount = 0
    public var importedGlobalCount = 0
    public var importedTagCount = 0

    /// For each defined (not imported) table its initial element, nil meaning null.
    public var tableInitializers: [ConstantExpression?] = []
    /// For each defined global its initial value.
    public var globalInitializers: [ConstantExpression] = []

    public var exports: [Export] = []
    public var start: Start?
    public var elements: [ElementSegment] = []
    /// The data count section's number, if there is one.
    public var dataCount: UInt32?
    public var dataSegments: [DataSegment] = []
    /// The bodies of the defined functions, in order.
    public var bodies: [FunctionBody] = []

    public var names = NameSection()
    public var customSections: [CustomSection] = []
    /// Every section with its place in the file, in order.
    public var sections: [SectionRange] = []
    /// What the module's own encoding uses, as far as it shows in the decoder.
    public var usedFeatures = FeatureSet()

    public init(bytes: [UInt8]) {
        self.bytes = bytes
    }
}

/// An import (section 5.5.5).
public struct Import: Hashable, Sendable {
    public var module: String
    public var name: String
    public var type: ExternalType
    /// Where it stands, in bytes from the module's start.
    public var offset: Int

    public init(module: String, name: String, type: ExternalType, offset: Int) {
        self.module = module
        self.name = name
        self.type = type
        self.offset = offset
    }
}

/// What an export or an index refers to.
public enum ExternalKind: UInt8, Hashable, Sendable {
    case function, table, memory, global, tag
}

/// An export (section 5.5.10).
public struct Export: Hashable, Sendable {
    public var name: String
    public var kind: ExternalKind
    public var index: UInt32
    public var offset: Int

    public init(name: String, kind: ExternalKind, index: UInt32, offset: Int) {
        self.name = name
        self.kind = kind
        self.index = index
        self.offset = offset
    }
}

/// The start function (section 5.5.11).
public struct Start: Hashable, Sendable {
    public var function: FunctionIndex
    public var offset: Int

    public init(function: FunctionIndex, offset: Int) {
        self.function = function
        self.offset = offset
    }
}

/// A constant expression, its final `end` included.
public struct ConstantExpression: Hashable, Sendable {
    /// In bytes from the module's start.
    public var range: Range<Int>

    public init(range: Range<Int>) {
        self.range = range
    }
}

/// When the contents of a segment are used (section 2.5.7).
public enum SegmentMode: Hashable, Sendable {
    case passive
    /// Copied at instantiation into a table or a memory.
    case active(index: UInt32, offset: ConstantExpression)
    /// Element segments only: declares functions for ref.func.
    case declarative
}

/// An element segment (section 5.5.12).
public struct ElementSegment: Hashable, Sendable {
    public enum Items: Hashable, Sendable {
        /// Function indices as LEB128, `count` of them, from `offset` on.
        case functions(offset: Int, count: Int)
        /// Constant expressions, `count` of them, one behind the other from `offset` on.
        case expressions(offset: Int, count: Int)
    }

    public var type: ReferenceType
    public var items: Items
    public var mode: SegmentMode
    /// Where the segment stands, in bytes from the module's start.
    public var offset: Int

    public init(type: ReferenceType, items: Items, mode: SegmentMode, offset: Int) {
        self.type = type
        self.items = items
        self.mode = mode
        self.offset = offset
    }

    public var count: Int {
        switch items {
        case .functions(_, let count), .expressions(_, let count): count
        }
    }
}

/// A data segment (section 5.5.14).
public struct DataSegment: Hashable, Sendable {
    /// The contents, in bytes from the module's start.
    public var range: Range<Int>
    public var mode: SegmentMode
    public var offset: Int

    public init(range: Range<Int>, mode: SegmentMode, offset: Int) {
        self.range = range
        self.mode = mode
        self.offset = offset
    }
}

/// The body of a function (section 5.5.13).
public struct FunctionBody: Hashable, Sendable {
    /// Locals of one type, as they are declared.
    public struct LocalGroup: Hashable, Sendable {
        public var count: UInt32
        public var type: ValueType

        public init(count: UInt32, type: ValueType) {
            self.count = count
            self.type = type
        }
    }

    /// The declared locals, without the parameters.
    public var locals: [LocalGroup]
    /// The instructions, the final `end` included.
    public var code: Range<Int>

    public init(locals: [LocalGroup], code: Range<Int>) {
        self.locals = locals
        self.code = code
    }
}

/// A custom section that the compiler does not read itself.
public struct CustomSection: Hashable, Sendable {
    public var name: String
    /// The contents behind the name, in bytes from the module's start.
    public var range: Range<Int>

    public init(name: String, range: Range<Int>) {
        self.name = name
        self.range = range
    }
}

/// A section's identifier and where its contents stand.
public struct SectionRange: Hashable, Sendable {
    public var id: UInt8
    public var range: Range<Int>

    public init(id: UInt8, range: Range<Int>) {
        self.id = id
        self.range = range
    }
}

/// The name section, as far as it is used (appendix A.4.1). A malformed one is ignored, as the
/// specification asks, up to the place where it is broken.
public struct NameSection: Hashable, Sendable {
    public var module: String?
    public var functions: [FunctionIndex: String] = [:]
    public var globals: [GlobalIndex: String] = [:]
    public var tags: [TagIndex: String] = [:]
    public var locals: [FunctionIndex: [LocalIndex: String]] = [:]

    public init() {}
}

extension Module {
    /// The name to show for a function: from the name section, else `wasm-function[12]`.
    public func functionName(_ index: FunctionIndex) -> String {
        names.functions[index] ?? "wasm-function[\(index)]"
    }

    /// The name to show for a tag: from the name section, else what it is exported or imported as, else
    /// `tag 3`.
    public func tagName(_ index: TagIndex) -> String {
        if let name = names.tags[index] { return name }
        if let export = exports.first(where: { $0.kind == .tag && $0.index == index }) {
            return export.name
        }
        return "tag \(index)"
    }

    /// The signature of a function, if its type index is that of a function type.
    public func functionType(_ index: FunctionIndex) -> FunctionType? {
        guard Int(index) < functions.count else { return nil }
        let type = Int(functions[Int(index)])
        return type < types.count ? types[type].functionType : nil
    }
}
