// Instantiation, done at compile time: active segments become the initial contents of tables and
// of memory 0, so the program has nothing to copy when it starts (WebAssembly 3.0, section 4.7.1).

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

/// Carries out the active segments of a module.
struct InstantiationPlanner {
    let module: Module
    let usage: ModuleUsage
    let globals: [ConstantValue]
    private let plan: MemoryPlan?

    private(set) var tables: [TablePlan] = []
    private(set) var memory: MemoryContents?
    /// Active data segments of memories that are not part of the image, to be copied at the start.
    private(set) var deferredData: [DataIndex] = []
    /// Set when a segment does not fit. What came before it has been done, as the specification
    /// has it.
    private(set) var trap: TrapCode?

    /// - Parameter memory: memory 0, if there is one; neither it nor a table is refused.
    init(module: Module, usage: ModuleUsage, globals: [ConstantValue], memory: MemoryPlan?) {
        self.module = module
        self.usage = usage
        self.globals = globals
        plan = memory
    }

    /// Runs all segments: tables first, then memory.
    mutating func run() throws(ModuleError) {
        let evaluator = ConstantEvaluator(module: module, globals: globals)
        for (index, type) in module.tables.enumerated() {
            let initializer = module.tableInitializers[index]
            let value: ConstantValue
            if let initializer {
                value = try evaluator.evaluate(initializer)
            } else {
                value = .null
            }
            tables.append(
                TablePlan(
                    type: type, elements: Array(repeating: value, count: Int(type.limits.minimum)),
                    isImmutable: !usage.writtenTables.contains(TableIndex(index)),
                    holdsFunctions: module.isFunction(type.element)))
        }
        memory = plan.map {
            MemoryContents(
                initialSize: $0.initialBytes, reservedSize: $0.reservedBytes, chunks: [])
        }
        try copyElements(evaluator)
        if trap == nil { try copyData(evaluator) }
    }

    private mutating func copyElements(_ evaluator: ConstantEvaluator) throws(ModuleError) {
        for segment in module.elements {
            guard case .active(let table, let offset) = segment.mode else { continue }
            let start = try evaluator.evaluateOffset(offset)
            let size = UInt64(tables[Int(table)].elements.count)
            guard start <= size, UInt64(segment.count) <= size - start else {
                trap = .outOfBoundsTableAccess
                return
            }
            let items = try evaluator.evaluateItems(of: segment)
            tables[Int(table)].elements.replaceSubrange(
                Int(start)..<Int(start) + items.count, with: items)
        }
    }

    /// An active data segment of memory 0 that becomes part of the image.
    private struct Piece {
        let index: DataIndex
        let offset: UInt64
        let range: Range<Int>
    }

    private mutating func copyData(_ evaluator: ConstantEvaluator) throws(ModuleError) {
        guard var contents = memory else { return }
        var pieces: [Piece] = []
        for (index, segment) in module.dataSegments.enumerated() {
            guard case .active(let memory, let offset) = segment.mode else { continue }
            if memory != 0 {
                deferredData.append(DataIndex(index))
                continue
            }
            let start = try evaluator.evaluateOffset(offset)
            // What lies far away is written at the start, and what comes behind it stays behind it.
            if deferredData.contains(where: isOfFirstMemory)
                || UInt64(segment.range.count) > MemoryPlacement.mappedLimit
                || start > MemoryPlacement.mappedLimit - UInt64(segment.range.count)
            {
                deferredData.append(DataIndex(index))
                continue
            }
            let size = contents.initialSize
            guard start <= size, UInt64(segment.range.count) <= size - start else {
                trap = .outOfBoundsMemoryAccess
                break
            }
            if !segment.range.isEmpty {
                pieces.append(
                    Piece(index: DataIndex(index), offset: start, range: segment.range))
            }
        }
        deferSparse(&pieces)
        contents.chunks = Self.merge(pieces, from: module.bytes)
        memory = contents
    }

    /// Leaves to the program's start what the file would need too many zeros for, and, since later
    /// segments lie on top of earlier ones, all that comes behind it.
    private mutating func deferSparse(_ pieces: inout [Piece]) {
        guard Self.isSparse(pieces[...]) else { return }
        // No piece alone needs zeros, so there is a longest beginning that does with few.
        var (kept, refused) = (1, pieces.count)
        while refused - kept > 1 {
            let middle = (kept + refused) / 2
            if Self.isSparse(pieces[..<middle]) { refused = middle } else { kept = middle }
        }
        let alreadyDeferred = Set(deferredData)
        let later = (pieces[kept].index..<DataIndex(module.dataSegments.count)).filter {
            isOfFirstMemory($0) && !alreadyDeferred.contains($0)
        }
        deferredData = (deferredData + later).sorted()
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

    private func isOfFirstMemory(_ index: DataIndex) -> Bool {
        guard case .active(let memory, _) = module.dataSegments[Int(index)].mode else {
            return false
        }
        return memory == 0
    }

    /// Zeros between pieces that are cheaper to store than to begin another chunk for.
    private static let smallGap: UInt64 = 4096

    /// Lays pieces over one another, later ones on top, and joins those that are close.
    private static func merge(
        _ pieces: [Piece], from bytes: [UInt8]
    ) -> [MemoryContents.Chunk] {
        // First the extents, then the bytes in their original order, so that later ones win.
        var extents: [Range<UInt64>] = []
        for piece in pieces.sorted(by: { $0.offset < $1.offset }) {
            let end = piece.offset + UInt64(piece.range.count)
            if let last = extents.last, piece.offset <= last.upperBound + smallGap {
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
            let index = lastIndex(of: chunks, startingAtOrBefore: piece.offset)
            let start = Int(piece.offset - chunks[index].offset)
            chunks[index].bytes.replaceSubrange(
                start..<start + piece.range.count, with: bytes[piece.range])
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
