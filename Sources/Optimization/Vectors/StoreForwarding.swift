// Vectors that are loaded right behind the stores of their parts.
//
// A processor hands a value from a store to a later load without waiting for the cache, if one store
// has all bytes of the load. If not, the load waits until the stores have reached the cache, and
// with it everything that depends on it; a loop that does this runs its iterations one after the
// other. LLVM's vectorisers join loads without looking for the stores before them. C++ and Rust
// keep structures and small arrays on the shadow stack, which LLVM cannot keep in registers, so
// this is frequent.
//
// sandbox: rests on it that the parts of a load together are the load: `parts` divides its bytes and adds
// none. Where the stores are only decides where it is divided.

internal import LLVMKit
internal import PlantedFaults

/// Splits such loads where the stores begin and end.
struct StoreForwarding {
    let builder: IRBuilder
    let types: IRTypes

    func run(on function: IRFunction) {
        let blocks = function.blocks
        let loads = blocks.flatMap { block in
            block.instructions.filter(WideLoad.isOne).compactMap(WideLoad.init)
        }
        if loads.isEmpty { return }
        var loops = LoopContents(function)
        // All are decided on before one changes.
        let splits = loads.map { ($0, cuts(in: $0, &loops)) }
        for (load, cuts) in splits {
            guard let parts = load.parts(cutAt: cuts) else { continue }
            split(load, parts)
        }
    }

    // Which stores ---------------------------------------------------------------------------

    /// So far back a store may be and still matter.
    private static let window = 256

    /// Where stores of parts of a load begin and end in it, in bytes.
    private func cuts(in load: WideLoad, _ loops: inout LoopContents) -> Set<Int> {
        var coverage = Coverage(load)
        var seen: Set<BasicBlock> = []
        var block = load.instruction.block
        var last = load.instruction.previous
        var count = 0
        while true {
            while let instruction = last {
                count += 1
                if count > Self.window || instruction.isCall { return coverage.cuts }
                coverage.add(instruction)
                if coverage.isComplete { return coverage.cuts }
                last = instruction.previous
            }
            guard let predecessor = block.onlyPredecessor, seen.insert(predecessor).inserted else {
                break
            }
            block = predecessor
            last = block.terminator
        }
        // What the iteration before has stored.
        guard let loop = loops.smallest(around: load.instruction.block),
            !loop.body.computes(load.place.root)
        else { return coverage.cuts }
        let whole = loop.stores.contains { StoredPart($0, of: load)?.isWhole ?? false }
        if whole { return coverage.cuts }
        for store in loop.stores { coverage.add(store) }
        return coverage.cuts
    }

    /// The small loops of a function and what they store, looked for once for all loads of a loop.
    private struct LoopContents {
        private let loops: LoopBodies
        /// By header; nil for loops that call, or are too long to matter.
        private var stores: [BasicBlock: [IRInstruction]?] = [:]

        init(_ function: IRFunction) { loops = LoopBodies(function) }

        mutating func smallest(
            around block: BasicBlock
        ) -> (body: LoopBody, stores: [IRInstruction])? {
            guard let body = loops.smallest(around: block) else { return nil }
            let known = stores[body.header] ?? Self.stores(in: body)
            stores[body.header] = .some(known)
            return known.map { (body, $0) }
        }

        private static func stores(in body: LoopBody) -> [IRInstruction]? {
            var (stores, count): ([IRInstruction], Int) = ([], 0)
            for block in body.order {
                var next = block.first
                while let instruction = next {
                    count += 1
                    if count > 4 * window || instruction.isCall { return nil }
                    if instruction.opcode == .store { stores.append(instruction) }
                    next = instruction.next
                }
            }
            return stores
        }
    }

    /// Which bytes of a load were stored last by what.
    private struct Coverage {
        let load: WideLoad
        private var known: [Bool]
        private(set) var cuts: Set<Int> = []

        init(_ load: WideLoad) {
            self.load = load
            known = Array(repeating: false, count: load.size)
        }

        var isComplete: Bool { known.allSatisfy { $0 } }

        /// Takes note of an instruction before those that were noted already.
        mutating func add(_ instruction: IRInstruction) {
            guard let part = StoredPart(instruction, of: load),
                !known[part.bytes].allSatisfy({ $0 })
            else { return }
            for index in part.bytes { known[index] = true }
            cuts.formUnion([part.bytes.lowerBound, part.bytes.upperBound])
        }
    }

    // What they are turned into -------------------------------------------------------------------

    private func split(_ load: WideLoad, _ parts: [Range<Int>]) {
        builder.position(before: load.instruction)
        let unit = parts.map(\.count).min()! >= 8 ? 8 : 4
        let lane = types.integer(bits: 8 * unit)
        let vector = join(0..<load.size, parts, of: load, lane, unit)
        load.instruction.replaceAllUses(
            with: builder.bitcast(vector, to: load.instruction.type))
        load.instruction.erase()
    }

    /// The bytes of a range as a vector, or as a number if they are one lane.
    private func join(
        _ range: Range<Int>, _ parts: [Range<Int>], of load: WideLoad, _ lane: IRType, _ unit: Int
    ) -> IRValue {
        let lanes = range.count / unit
        if parts.contains(range) {
            let start = range.lowerBound + (PlantedFault.loadParts.isPlanted ? range.count : 0)
            let address = builder.byteOffset(
                load.instruction.operand(0), types.i64.constant(start))
            let part = builder.load(
                lanes == 1 ? lane : lane.vector(lanes), from: address, alignment: 1)
            // Or the code generator would join them again.
            part.makeVolatile()
            return part
        }
        let middle = range.lowerBound + range.count / 2
        let low = join(range.lowerBound..<middle, parts, of: load, lane, unit)
        let high = join(middle..<range.upperBound, parts, of: load, lane, unit)
        if lanes == 2 {
            let vector = builder.insertElement(lane.vector(2).poison, low, 0)
            return builder.insertElement(vector, high, 1)
        }
        return builder.shuffleVector(low, high, Array(0..<lanes))
    }
}

/// A load of sixteen bytes or more.
private struct WideLoad {
    let instruction: IRInstruction
    let place: Place
    /// In bytes, a power of two.
    let size: Int

    static func isOne(_ instruction: IRInstruction) -> Bool {
        instruction.opcode == .load && instruction.type.isVector
    }

    init?(_ instruction: IRInstruction) {
        guard instruction.isSimpleAccess, let size = instruction.type.storeByteCount, size >= 16,
            size & (size - 1) == 0
        else { return nil }
        self.instruction = instruction
        self.size = Int(size)
        place = Place(instruction.operand(0))
    }

    /// More loads than this cost more than waiting.
    private static let maximumParts = 6

    /// The parts between the cuts, each a power of two in size, and at a multiple of it; nil if
    /// there is nothing to cut, or too much.
    func parts(cutAt cuts: Set<Int>) -> [Range<Int>]? {
        let inner = cuts.subtracting([0, size])
        guard !inner.isEmpty, inner.allSatisfy({ $0 % 4 == 0 }) else { return nil }
        var parts: [Range<Int>] = []
        func divide(_ range: Range<Int>) {
            if inner.contains(where: { $0 > range.lowerBound && $0 < range.upperBound }) {
                let middle = range.lowerBound + range.count / 2
                divide(range.lowerBound..<middle)
                divide(middle..<range.upperBound)
            } else {
                parts.append(range)
            }
        }
        divide(0..<size)
        return parts.count <= Self.maximumParts ? parts : nil
    }
}

/// Which bytes of a load a store writes.
private struct StoredPart {
    /// Counted from the load's first byte.
    let bytes: Range<Int>
    let isWhole: Bool

    init?(_ instruction: IRInstruction, of load: WideLoad) {
        guard instruction.opcode == .store, let size = instruction.operand(0).type.storeByteCount
        else { return nil }
        let place = Place(instruction.operand(1))
        let start = place.offset &- load.place.offset
        guard place.root == load.place.root, start.magnitude < 1 << 20 else { return nil }
        let bytes = (Int(start)..<Int(start) + Int(size)).clamped(to: 0..<load.size)
        if bytes.isEmpty { return nil }
        self.bytes = bytes
        isWhole = bytes.count == load.size
    }
}

/// An address as a constant distance from a value. Whether the sum wraps around does not matter:
/// nothing but time depends on it.
private struct Place {
    private(set) var root: IRValue
    private(set) var offset: Int64 = 0

    init(_ pointer: IRValue) {
        root = pointer
        while let (base, index) = root.byteOffset {
            if let constant = index.constantInteger {
                offset &+= Int64(bitPattern: constant)
                root = base
                continue
            }
            guard let extension32 = IRInstruction(index), extension32.opcode == .zext else {
                return
            }
            root = extension32.operand(0)
            followIndex()
            return
        }
    }

    /// Longer sums are not looked through.
    private static let maximumSummands = 16

    /// The 32-bit index in a memory: all have the same base.
    private mutating func followIndex() {
        for _ in 0..<Self.maximumSummands {
            guard let instruction = IRInstruction(root) else { return }
            if instruction.opcode == .freeze {
                root = instruction.operand(0)
            } else if instruction.opcode == .add,
                let constant = instruction.operand(1).constantInteger
            {
                offset &+= Int64(Int32(truncatingIfNeeded: constant))
                root = instruction.operand(0)
            } else {
                return
            }
        }
    }
}

extension Pass {
    /// Splits vectors that would wait for stores of their parts. What processors do is known for
    /// x86-64 only.
    public static let storeForwarding = functions("store-forwarding", when: \.isX86_64) {
        module, _ in
        StoreForwarding(builder: module.builder, types: module.types).run
    }
}
