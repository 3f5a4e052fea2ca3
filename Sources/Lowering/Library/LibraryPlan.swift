// A library as its host sees it: the names in C of what a module exports and imports, and where things
// are in the structure of imports. Code and header are made from the same plan, so they agree.

public import WasmBinary
public import WasmTypes

/// What a library has for C.
public struct LibraryPlan: Sendable {
    /// Something exported, with its name in C.
    public struct Exported: Sendable {
        /// The name in the module.
        public var name: String
        /// The end of its names in C, behind the prefix.
        public var identifier: String
        /// The index in the index space of its kind.
        public var index: UInt32
    }

    /// An imported function: a member of the structure of imports.
    public struct FunctionImport: Sendable {
        /// The two names in the module.
        public var module, name: String
        /// The member's name.
        public var identifier: String
        /// The type.
        public var type: FunctionType
        /// The member's place in the structure, in bytes.
        public var offset: Int
    }

    /// An imported global: the host says what it begins with.
    public struct GlobalImport: Sendable {
        /// The two names in the module.
        public var module, name: String
        /// The member's name.
        public var identifier: String
        /// The index in the module's index space.
        public var index: GlobalIndex
        /// The type.
        public var type: GlobalType
        /// The member's place in the structure, in bytes.
        public var offset: Int
    }

    /// What the symbols for the host begin with until the library is linked with its runtime, in place of
    /// the prefix. Names of the module have no part in that link.
    public static let placeholder = "smelt_public."

    /// What all names of the library begin with, and the name of the type of its instances.
    public let prefix: String
    public private(set) var functions: [Exported] = []
    public private(set) var memories: [Exported] = []
    public private(set) var tables: [Exported] = []
    public private(set) var globals: [Exported] = []
    /// By function index. Functions that the runtime provides have none.
    public private(set) var functionImports: [FunctionIndex: FunctionImport] = [:]
    public private(set) var globalImports: [GlobalImport] = []
    /// Imported functions that the runtime provides, by function index.
    private(set) var hostFunctions: [FunctionIndex: HostFunction] = [:]
    /// The size of the structure of imports, in bytes.
    public private(set) var importsSize = 16
    /// Whether memory 0 begins with the same bytes in every instance, and is the only one.
    public let hasMemoryImage: Bool
    /// The exported `_initialize`, which making an instance calls.
    public let initialize: FunctionIndex?

    /// The imported functions in their order.
    public var orderedImports: [FunctionImport] {
        functionImports.sorted { $0.key < $1.key }.map(\.value)
    }

    /// Plans the library of a module that is valid.
    ///
    /// - Parameters:
    ///   - prefix: An identifier of C.
    ///   - providesWASI: Whether the runtime provides what it knows of WASI, and not the host.
    /// - Throws: `ModuleError` of the kind unsupported for what libraries cannot have.
    public init(
        _ module: Module, prefix: String, providesWASI: Bool
    ) throws(ModuleError) {
        self.prefix = prefix
        initialize =
            module.exports.first {
                $0.name == "_initialize" && $0.kind == .function
                    && module.functionType($0.index) == FunctionType()
            }?.index
        hasMemoryImage = try Self.hasMemoryImage(module)
        try Self.check(module)
        nameExports(of: module)
        placeImports(of: module, providesWASI: providesWASI)
    }

    /// References to objects and exceptions would need a heap for all instances and threads together.
    private static func check(_ module: Module) throws(ModuleError) {
        func refuse(_ what: String) -> ModuleError {
            ModuleError(.unsupported, "libraries cannot have \(what) yet", at: 0)
        }
        if module.types.contains(where: { $0.functionType == nil }) {
            throw refuse("types of structures or arrays")
        }
        if !module.tags.isEmpty { throw refuse("exceptions") }
        // Nobody could tell whether the host hands in the right ones.
        for type in crossing(module) {
            guard case .reference(let reference) = type, !ReferenceCheck.canCross(reference) else {
                continue
            }
            throw refuse("values of the type \(type) in what they import and export")
        }
        for item in module.imports {
            guard case .global(let type) = item.type else { continue }
            if case .reference = type.valueType { throw refuse("imported globals of references") }
        }
    }

    /// The types of values that the host hands in or gets.
    private static func crossing(_ module: Module) -> [ValueType] {
        var types: [ValueType] = []
        func add(_ function: FunctionType) { types += function.parameters + function.results }
        for export in module.exports {
            switch export.kind {
            case .function: add(module.functionType(export.index)!)
            case .global: types.append(module.globals[Int(export.index)].valueType)
            case .memory, .table, .tag: break
            }
        }
        for item in module.imports {
            switch item.type {
            case .function(let index): add(module.types[Int(index)].functionType!)
            case .global(let type): types.append(type.valueType)
            case .memory, .table, .tag: break
            }
        }
        return types
    }

    private static func hasMemoryImage(_ module: Module) throws(ModuleError) -> Bool {
        guard module.memories.count == 1 else { return false }
        var hasData = false
        for segment in module.dataSegments {
            guard case .active(_, let offset) = segment.mode else { continue }
            hasData = true
            var reader = InstructionReader(bytes: module.bytes, range: offset.range)
            switch try reader.next().instruction {
            case .i32Const, .i64Const: break
            default: return false
            }
            guard case .end = try reader.next().instruction else { return false }
        }
        return hasData
    }

    // Names ----------------------------------------------------------------------------------

    /// What `prefix_` may not be followed by, since other names of the library are.
    private static let reserved: Set<String> = ["new", "free", "reset", "error", "imports"]

    private mutating func nameExports(of module: Module) {
        var names = UniqueIdentifiers(taken: Self.reserved)
        for export in module.exports {
            // All functions of an export have to be free.
            let endings =
                switch export.kind {
                case .function, .tag: [""]
                case .memory: ["_data", "_size", "_grow"]
                case .table: ["_size"]
                case .global: ["_get", "_set"]
                }
            let exported = Exported(
                name: export.name,
                identifier: names.make(for: export.name, endings: endings), index: export.index)
            switch export.kind {
            case .function: functions.append(exported)
            case .memory: memories.append(exported)
            case .table: tables.append(exported)
            case .global: globals.append(exported)
            case .tag: break
            }
        }
    }

    private mutating func placeImports(of module: Module, providesWASI: Bool) {
        var names = UniqueIdentifiers(taken: ["size", "context"])
        var function: FunctionIndex = 0
        var global: GlobalIndex = 0
        for item in module.imports {
            switch item.type {
            case .function(let typeIndex):
                defer { function += 1 }
                let type = module.types[Int(typeIndex)].functionType!
                if providesWASI, let host = HostFunction.find(module: item.module, name: item.name),
                    host.type == type
                {
                    hostFunctions[function] = host
                    continue
                }
                functionImports[function] = FunctionImport(
                    module: item.module, name: item.name,
                    identifier: names.make(
                        for: Identifiers.member("\(item.module)_\(item.name)", of: prefix),
                        endings: [""]),
                    type: type, offset: importsSize)
                importsSize += 8
            case .global(let type):
                defer { global += 1 }
                globalImports.append(
                    GlobalImport(
                        module: item.module, name: item.name,
                        identifier: names.make(
                            for: Identifiers.member("\(item.module)_\(item.name)", of: prefix),
                            endings: [""]),
                        index: global, type: type, offset: 0))
            case .table, .memory, .tag: break
            }
        }
        // Behind the functions, as C lays them out.
        for index in globalImports.indices {
            let size = globalImports[index].type.valueType.sizeInC
            let alignment = min(size, 8)
            importsSize = (importsSize + alignment - 1) & ~(alignment - 1)
            globalImports[index].offset = importsSize
            importsSize += size
        }
        importsSize = (importsSize + 7) & ~7
    }
}

extension ValueType {
    /// Bytes of a value in C. Its alignment is as much, but no more than 8.
    public var sizeInC: Int {
        switch self {
        case .i32, .f32: 4
        case .i64, .f64, .reference: 8
        case .v128: 16
        }
    }
}

/// Makes identifiers of names, each of them once.
private struct UniqueIdentifiers {
    private var taken: Set<String>

    init(taken: Set<String>) { self.taken = taken }

    /// An identifier that is free with each of the endings: the name itself with `_` for what C does not
    /// have in identifiers, and a number behind it if there is another one of that name.
    mutating func make(for name: String, endings: [String]) -> String {
        let escaped = name.inIdentifiers
        var candidate = escaped
        var number = 2
        while endings.contains(where: { taken.contains(candidate + $0) }) {
            candidate = "\(escaped)_\(number)"
            number += 1
        }
        taken.formUnion(endings.map { candidate + $0 })
        return candidate
    }
}
