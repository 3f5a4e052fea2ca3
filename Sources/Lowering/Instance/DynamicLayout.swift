// Where things are in a dynamic instance: offsets in bytes from its start, as the runtime's
// instance.h describes them.
//
// sandbox: rests on no two parts sharing bytes. The runtime is told of 32-bit offsets, so larger instances
// are refused (`Program`).

internal import RuntimeABI
internal import WasmBinary
internal import WasmTypes

/// How many of each index space an instance has from other instances; they come first. What a library
/// imports is its own: its host fills it.
struct BorrowedCounts: Sendable {
    var functions = 0
    var tables = 0
    var memories = 0
    var globals = 0
    var tags = 0
}

extension BorrowedCounts {
    /// All that the module imports.
    init(importedBy module: Module) {
        functions = module.importedFunctionCount
        tables = module.importedTableCount
        memories = module.importedMemoryCount
        globals = module.importedGlobalCount
        tags = module.importedTagCount
    }
}

/// The layout of the instances of one module.
struct DynamicLayout: Sendable {
    let memorySlots: Int
    let tableSlots: Int
    let globalSlots: Int
    let functionSlots: Int
    let tagSlots: Int
    let tagStorage: Int
    let globalStorage: Int
    /// How many bytes are left of each data segment, and elements of each element segment.
    private let dataSizes: Int
    private let elementSizes: Int
    /// For each element segment, where its references are.
    let elementItems: [Int]
    /// The size of an instance.
    let size: Int

    private static let slot = 8
    /// The bytes of a global's value.
    static let globalValue: Int = 16

    /// Arguments that have no registers. It is where callers in other modules find it, too.
    static let argumentArea = MemoryLayout<smelt_instance>.size

    /// - Parameters:
    ///   - borrowed: what belongs to other instances.
    ///   - argumentBytes: the size of the argument area.
    init(_ module: Module, _ borrowed: BorrowedCounts, argumentBytes: Int) {
        var offset = Self.argumentArea + argumentBytes
        func take(_ count: Int, of size: Int) -> Int {
            defer { offset += count * size }
            return offset
        }
        memorySlots = take(module.memories.count, of: 2 * Self.slot)
        tableSlots = take(module.tables.count, of: Self.slot)
        globalSlots = take(module.globals.count, of: Self.slot)
        functionSlots = take(module.functions.count, of: Self.slot)
        tagSlots = take(module.tags.count, of: Self.slot)
        tagStorage = take(
            module.tags.count - borrowed.tags, of: MemoryLayout<smelt_tag>.size)
        dataSizes = take(module.dataSegments.count, of: Self.slot)
        elementSizes = take(module.elements.count, of: Self.slot)
        elementItems = module.elements.map { take($0.count, of: Self.slot) }
        offset = (offset + Self.globalValue - 1) & ~(Self.globalValue - 1)
        globalStorage = take(
            module.globals.count - borrowed.globals, of: Self.globalValue)
        size = offset
    }

    func memory(_ index: MemoryIndex) -> Int { memorySlots + 2 * Self.slot * Int(index) }
    func memoryBase(_ index: MemoryIndex) -> Int { memory(index) + Self.slot }
    func table(_ index: TableIndex) -> Int { tableSlots + Self.slot * Int(index) }
    func global(_ index: GlobalIndex) -> Int { globalSlots + Self.slot * Int(index) }
    func function(_ index: FunctionIndex) -> Int { functionSlots + Self.slot * Int(index) }
    func tag(_ index: TagIndex) -> Int { tagSlots + Self.slot * Int(index) }
    func dataSize(_ index: DataIndex) -> Int { dataSizes + Self.slot * Int(index) }
    func elementSize(_ index: ElementIndex) -> Int { elementSizes + Self.slot * Int(index) }

    /// Where the value of a defined global is; the first one is number 0.
    func globalValue(_ defined: Int) -> Int { globalStorage + Self.globalValue * defined }
}
