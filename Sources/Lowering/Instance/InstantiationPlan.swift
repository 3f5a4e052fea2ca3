// Instantiation, done at compile time: active segments become the initial contents of tables and
// of the image's memory, so the program has nothing to copy when it starts (WebAssembly 3.0, section
// 4.7.1). What an instance copies into what another one owns is left to the start if code of the program
// can have been executed by then.
//
// sandbox: rests on the owners' plans for the sizes that segments are compared with.

internal import PlantedFaults
internal import Sandbox
internal import WasmBinary
internal import WasmTypes

/// The initial contents of a memory: initialised pieces and zeros between them.
public struct MemoryContents: Sendable {
    /// A run of initialised bytes.
    public struct Chunk: Sendable {
        /// In bytes from the start of the memory.
        public var offset: UInt64
        public var bytes: [UInt8]
    }

    /// In bytes.
    public var initialSize: UInt64
    /// Address space from the memory's base on that is its own, in bytes.
    public var reservedSize: UInt64
    /// By ascending offset, without overlap, none empty.
    public var chunks: [Chunk]

    /// The chunks without long runs of zeros.
    var withoutZeros: [Chunk] {
        chunks.flatMap { chunk in
            Self.parts(of: chunk.bytes).map {
                Chunk(offset: chunk.offset + UInt64($0.lowerBound), bytes: Array(chunk.bytes[$0]))
            }
        }
    }

    /// More zeros than this are worth another copy: what a call takes in code.
    private static let longestRun = 32

    /// What lies between long runs of zeros.
    private static func parts(of bytes: [UInt8]) -> [Range<Int>] {
        var parts: [Range<Int>] = []
        bytes.withUnsafeBufferPointer { bytes in
            for index in bytes.indices where bytes[index] != 0 {
                if let last = parts.last, index - last.upperBound <= longestRun {
                    parts[parts.count - 1] = last.lowerBound..<index + 1
                } else {
                    parts.append(index..<index + 1)
                }
            }
        }
        return parts
    }
}

/// What a table is at the start.
struct TablePlan: Sendable {
    var type: TableType
    /// One per element.
    var elements: [ConstantValue]
    /// Whether nothing can change it, so that it can be constant data.
    var isImmutable: Bool

    /// Whether its elements are functions, which calls go through.
    var holdsFunctions: Bool
}

/// Carries out the instantiation of one instance after the other.
struct InstantiationPlanner {
    private let instances: [InstancePlan]
    private let image: EntityPlace?
    private let initializes: (InstancePlan) -> Bool
    /// By number of the instance.
    private(set) var states: [StaticInstantiation]
    private var memory: MemoryContents?
    private var pieces: [Piece] = []
    /// Tables and memories that something is copied into when the program starts. What comes behind it
    /// stays behind it.
    private var deferredTables: Set<EntityPlace> = []
    private var isImageDeferred = false
    /// Whether an instance before this one executes code, which may look at what it exports and change it.
    private var hasExecuted = false

    /// - Parameters:
    ///   - image: the memory that is part of the executable; neither it nor a table is refused.
    ///   - initializes: whether an instance has an `_initialize` that is called.
    init(
        _ instances: [InstancePlan], image: EntityPlace?,
        initializes: @escaping (InstancePlan) -> Bool
    ) {
        self.instances = instances
        self.image = image
        self.initializes = initializes
        states = Array(repeating: StaticInstantiation(), count: instances.count)
        memory = image.map {
            let plan = instances[$0.instance].memories[Int($0.index)]
            return MemoryContents(
                initialSize: plan.initialBytes, reservedSize: plan.reservedBytes, chunks: [])
        }
    }

    /// Everything about one instance: globals, tables, segments, tables first.
    mutating func instantiate(_ number: Int) throws(ModuleError) {
        let instance = instances[number]
        var evaluator = ConstantEvaluator(
            instance: instance, globals: importedGlobals(of: instance))
        states[number].globals = try evaluator.evaluateGlobals()
        try defineTables(of: instance, evaluator)
        for (index, segment) in instance.module.module.elements.enumerated()
        where segment.mode == .passive {
            states[number].keptElements[ElementIndex(index)] = try evaluator.evaluateItems(
                of: segment)
        }
        try copyElements(of: instance, evaluator)
        if states[number].trap == nil { try copyData(of: instance, evaluator) }
        let state = states[number]
        if instance.module.module.start != nil || state.trap != nil
            || initializes(instance)
        {
            hasExecuted = true
        }
    }

    /// The initial contents of the image's memory, when all instances are there.
    mutating func finish() -> MemoryContents? {
        deferSparse()
        guard var contents = memory else { return nil }
        contents.chunks = merge(pieces)
        return contents
    }

    private func importedGlobals(of instance: InstancePlan) -> [ConstantValue] {
        (0..<instance.module.module.importedGlobalCount).map { index in
            guard case .instance(let place) = instance.location(.global, GlobalIndex(index)) else {
                return .atStart
            }
            return states[place.instance].globals[Int(place.index)]
        }
    }

    private mutating func defineTables(
        of instance: InstancePlan, _ evaluator: ConstantEvaluator
    ) throws(ModuleError) {
        let module = instance.module.module
        for (defined, initializer) in module.tableInitializers.enumerated() {
            let index = module.importedTableCount + defined
            let type = module.tables[index]
            let value: ConstantValue
            if let initializer {
                value = try evaluator.evaluate(initializer)
            } else {
                value = .null
            }
            states[instance.number].tables.append(
                TablePlan(
                    type: type, elements: Array(repeating: value, count: Int(type.limits.minimum)),
                    isImmutable: !instance.module.usage.writtenTables.contains(TableIndex(index)),
                    holdsFunctions: module.isFunction(type.element)))
        }
    }

    private mutating func copyElements(
        of instance: InstancePlan, _ evaluator: ConstantEvaluator
    ) throws(ModuleError) {
        let number = instance.number
        for (index, segment) in instance.module.module.elements.enumerated() {
            guard case .active(let table, let offset) = segment.mode else { continue }
            let items = try evaluator.evaluateItems(of: segment)
            guard let place = tablePlace(instance.location(.table, table), of: number),
                let start = try evaluator.evaluateOffset(offset)
            else {
                if case .instance(let place) = instance.location(.table, table) {
                    deferredTables.insert(place)
                }
                states[number].deferredElements.append(ElementIndex(index))
                states[number].keptElements[ElementIndex(index)] = items
                continue
            }
            let defined =
                Int(place.index) - instances[place.instance].module.module.importedTableCount
            let size = UInt64(states[place.instance].tables[defined].elements.count)
            guard start <= size, UInt64(segment.count) <= size - start else {
                states[number].trap = .outOfBoundsTableAccess
                return
            }
            states[place.instance].tables[defined].elements.replaceSubrange(
                Int(start)..<Int(start) + items.count, with: items)
        }
    }

    /// The table, if what is copied into it can be part of its initial contents.
    private func tablePlace(_ location: EntityLocation, of instance: Int) -> EntityPlace? {
        guard case .instance(let place) = location, !deferredTables.contains(place),
            place.instance == instance || !hasExecuted
        else { return nil }
        return place
    }

    /// An active data segment that becomes part of the image.
    private struct Piece {
        let instance: Int
        let index: DataIndex
        let offset: UInt64
        let range: Range<Int>
    }

    private mutating func copyData(
        of instance: InstancePlan, _ evaluator: ConstantEvaluator
    ) throws(ModuleError) {
        let number = instance.number
        for (index, segment) in instance.module.module.dataSegments.enumerated() {
            guard case .active(let memory, let offset) = segment.mode else { continue }
            let index = DataIndex(index)
            guard isImage(memory, of: instance) else {
                states[number].deferredData.append(index)
                continue
            }
            // What lies far away is written at the start, and what comes behind it stays behind it.
            guard !isImageDeferred, image?.instance == number || !hasExecuted,
                let start = try evaluator.evaluateOffset(offset),
                UInt64(segment.range.count) <= MemoryPlacement.mappedLimit,
                start <= MemoryPlacement.mappedLimit - UInt64(segment.range.count)
            else {
                states[number].deferredData.append(index)
                isImageDeferred = true
                continue
            }
            let size = self.memory!.initialSize
            guard start <= size, UInt64(segment.range.count) <= size - start else {
                states[number].trap = .outOfBoundsMemoryAccess
                break
            }
            if !segment.range.isEmpty {
                pieces.append(
                    Piece(instance: number, index: index, offset: start, range: segment.range))
            }
        }
    }

    private func isImage(_ memory: MemoryIndex, of instance: InstancePlan) -> Bool {
        guard let image else { return false }
        return instance.location(.memory, memory) == .instance(image)
    }

    /// Leaves to the program's start what the file would need too many zeros for, and, since later
    /// segments lie on top of earlier ones, all that comes behind it.
    private mutating func deferSparse() {
        guard Self.isSparse(pieces[...]) else { return }
        // No piece alone needs zeros, so there is a longest beginning that does with few.
        var (kept, refused) = (1, pieces.count)
        while refused - kept > 1 {
            let middle = (kept + refused) / 2
            if Self.isSparse(pieces[..<middle]) { refused = middle } else { kept = middle }
        }
        for piece in pieces[kept...] { states[piece.instance].deferredData.append(piece.index) }
        for number in states.indices { states[number].deferredData.sort() }
        pieces.removeSubrange(kept...)
    }

    /// Whether the file needs many zeros for the gaps between pieces: all gaps but the widest, which
    /// lie between segments of the executable.
    private static func isSparse(_ pieces: ArraySlice<Piece>) -> Bool {
        var gaps: [UInt64] = []
        var end: UInt64?
        var size: UInt64 = 0
        for piece in pieces.sorted(by: { $0.offset < $1.offset }) {
            if let end, piece.offset > end { gaps.append(piece.offset - end) }
            end = max(end ?? 0, piece.offset + UInt64(piece.range.count))
            size += UInt64(piece.range.count)
        }
        let written = gaps.sorted(by: >).dropFirst(MemoryPlacement.maximumSegments - 1)
        return written.reduce(0, +) > MemoryPlacement.writtenZeros + size
    }

    /// Zeros between pieces that are cheaper to store than to begin another chunk for.
    private static let smallGap: UInt64 = 4096

    /// Lays pieces over one another, later ones on top, and joins those that are close.
    private func merge(_ pieces: [Piece]) -> [MemoryContents.Chunk] {
        // First the extents, then the bytes in their original order, so that later ones win.
        var extents: [Range<UInt64>] = []
        for piece in pieces.sorted(by: { $0.offset < $1.offset }) {
            let end = piece.offset + UInt64(piece.range.count)
            if let last = extents.last, piece.offset <= last.upperBound + Self.smallGap {
                extents[extents.count - 1] = last.lowerBound..<max(last.upperBound, end)
            } else {
                extents.append(piece.offset..<end)
            }
        }
        var chunks = extents.map {
            MemoryContents.Chunk(
                offset: $0.lowerBound, bytes: [UInt8](repeating: 0, count: $0.count))
        }
        for piece in PlantedFault.imageOrder.isPlanted ? Array(pieces.reversed()) : pieces {
            let index = Self.lastIndex(of: chunks, startingAtOrBefore: piece.offset)
            let start = Int(piece.offset - chunks[index].offset)
            chunks[index].bytes.replaceSubrange(
                start..<start + piece.range.count,
                with: instances[piece.instance].module.module.bytes[piece.range])
        }
        return chunks
    }

    /// Binary search: chunks are sorted, and one starts at or before every piece.
    private static func lastIndex(
        of chunks: [MemoryContents.Chunk], startingAtOrBefore offset: UInt64
    ) -> Int {
        var low = 0
        var high = chunks.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if chunks[middle].offset <= offset { low = middle } else { high = middle }
        }
        return low
    }
}

extension Module {
    /// Whether references of a type refer to functions.
    fileprivate func isFunction(_ type: ReferenceType) -> Bool {
        switch type.heapType {
        case .abstract(let type): type == .function || type == .noFunction
        case .concrete(let index): types[Int(index)].functionType != nil
        }
    }
}
