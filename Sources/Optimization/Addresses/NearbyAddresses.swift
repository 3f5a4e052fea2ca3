// Accesses that are close to one another, relative to one address.
//
// A program's `p->x` and `p->y` lie at `p` and `p + 8`, and WebAssembly adds in 32 bits: `p + 8` might
// wrap around. So the two are unrelated for LLVM. It neither packs them into a vector, nor keeps one in
// a register while the other is stored, and the processor has to add before it can load.
//
// But if `p` was accessed and did not fault, `p` lies in the memory; and if the memory always ends 64 KiB
// before 32-bit addresses do, `p + 8` does not wrap.
//
// sandbox: rests on `UncheckedAccess.allows`, and not on the reasoning above. An access gets another
// index, which may wrap around where its own does not, so its address is taken as new: any 32-bit
// index, and all the constants that are behind the extension then, whether they come from the
// module, from what LLVM moved there, or from here.

internal import LLVMKit
internal import PlantedFaults
internal import Sandbox

/// Forms addresses that are a constant apart from an address that is accessed as well, by adding the
/// distance to that one in 64 bits.
///
/// Whether a program faults is not changed: if the other address is not in the memory, it does in
/// either case. Which of the accesses does it may change.
///
struct NearbyAddresses {
    private let builder: IRBuilder
    private let types: IRTypes
    private let outlivesTraps: Bool
    private let base: MemoryBase

    /// Accesses with larger offsets are left alone.
    private static let largestOffset: Int64 = 1 << 20

    /// So far above another address an access may be.
    private static let largestDistance = Int64(UncheckedAccess.largestDistance)

    /// Nil if the reasoning does not hold for the memory.
    init?(_ memory: GuestMemory, in module: borrowing IRModule) {
        guard memory.lacksLastPage else { return nil }
        outlivesTraps = memory.outlivesTraps
        base = MemoryBase(memory, in: module)
        builder = module.builder
        types = module.types
    }

    /// An access of `base + extend(root + summand) + offset`.
    private struct Access {
        let instruction: IRInstruction
        let base: IRValue
        /// The extended sum, of 64 bits.
        let index: IRValue
        let root: IRValue
        let summand: Int64
        let offset: Int64
        /// In bytes.
        let size: UInt64

        var pointerIndex: Int { instruction.opcode == .store ? 1 : 0 }
    }

    /// `extend(root + summand)`, which is known to lie in the memory wherever `block` dominates.
    private struct Anchor {
        let summand: Int64
        let index: IRValue
        let block: BasicBlock

        func isClose(to access: Access) -> Bool {
            0...NearbyAddresses.largestDistance ~= access.summand - summand
        }
    }

    func run(on function: IRFunction) {
        let dominators = Dominators(function)
        var anchors: [IRValue: [Anchor]] = [:]
        for block in dominators.blocks {
            for accesses in runs(in: block, of: function) {
                for group in groups(of: accesses) {
                    let root = group[0].root
                    let known = anchors[root, default: []].filter { anchor in
                        group.allSatisfy(anchor.isClose)
                            && dominators.dominates(anchor.block, block)
                    }
                    let lowest = known.min { $0.summand < $1.summand }
                    let anchor = lowest ?? self.anchor(of: group, in: block)
                    if lowest == nil { anchors[root, default: []].append(anchor) }
                    for access in group { rewrite(access, relativeTo: anchor) }
                }
            }
        }
    }

    // Which accesses belong together -------------------------------------------------------------

    /// The accesses of a block, in runs of which either all are executed or one faults, and nobody
    /// can tell which.
    private func runs(in block: BasicBlock, of function: IRFunction) -> [[Access]] {
        var runs: [[Access]] = [[]]
        for instruction in block.instructions {
            switch instruction.opcode {
            case .load, .store:
                if !instruction.isSimpleAccess {
                    runs.append([])
                } else if let access = access(instruction, function) {
                    runs[runs.count - 1].append(access)
                }
                if instruction.opcode == .store && outlivesTraps { runs.append([]) }
            case .call: if !instruction.isArithmeticIntrinsic { runs.append([]) }
            default: if instruction.hasOtherEffects { runs.append([]) }
            }
        }
        return runs.filter { !$0.isEmpty }
    }

    private func access(_ instruction: IRInstruction, _ function: IRFunction) -> Access? {
        var pointer = instruction.operand(instruction.opcode == .store ? 1 : 0)
        var offset: Int64 = 0
        var index: IRValue?
        while !base.matches(pointer, in: function) {
            guard let (inner, added) = pointer.byteOffset else { return nil }
            if let constant = added.constantInteger {
                offset &+= Int64(bitPattern: constant)
            } else if index == nil {
                index = added
            } else {
                return nil
            }
            pointer = inner
        }
        let type = instruction.opcode == .store ? instruction.operand(0).type : instruction.type
        guard let index, var root = index.extended32,
            0...Self.largestOffset ~= offset || PlantedFault.nearbyConstants.isPlanted,
            let size = type.storeByteCount
        else { return nil }
        var summand: UInt32 = 0
        while let sum = IRInstruction(root), sum.opcode == .add || sum.isDisjointOr,
            let constant = sum.operand(1).constantInteger
        {
            summand &+= UInt32(truncatingIfNeeded: constant)
            root = sum.operand(0)
        }
        return Access(
            instruction: instruction, base: pointer, index: index, root: root,
            summand: Int64(Int32(bitPattern: summand)), offset: offset, size: size)
    }

    /// Accesses with the same root that are close enough to the lowest of them, in the order of
    /// their first ones.
    private func groups(of accesses: [Access]) -> [[Access]] {
        var roots: [IRValue] = []
        var accessesByRoot: [IRValue: [Access]] = [:]
        for access in accesses {
            if accessesByRoot[access.root] == nil { roots.append(access.root) }
            accessesByRoot[access.root, default: []].append(access)
        }
        return roots.flatMap { root in
            var groups: [[Access]] = []
            var rest = accessesByRoot[root]!
            while let lowest = rest.map(\.summand).min() {
                let end = lowest + Self.largestDistance
                groups.append(rest.filter { $0.summand <= end })
                rest.removeAll { $0.summand <= end }
            }
            return groups
        }
    }

    // What they are turned into -----------------------------------------------------------------------

    /// The lowest address of a group, computed before its first access.
    private func anchor(of group: [Access], in block: BasicBlock) -> Anchor {
        let first = group[0]
        let lowest = group.map(\.summand).min()!
        if first.summand == lowest {
            return Anchor(summand: lowest, index: first.index, block: block)
        }
        builder.position(before: first.instruction)
        let summand = types.i32.constant(UInt64(UInt32(truncatingIfNeeded: lowest)))
        let sum = lowest == 0 ? first.root : builder.add(first.root, summand)
        let index = builder.zext(sum, to: types.i64)
        return Anchor(summand: lowest, index: index, block: block)
    }

    private func rewrite(_ access: Access, relativeTo anchor: Anchor) {
        if access.index == anchor.index { return }
        builder.position(before: access.instruction)
        let start = builder.byteOffset(access.base, anchor.index)
        let offset = access.summand - anchor.summand + access.offset
        // The index may wrap around where that of the program does not.
        guard
            UncheckedAccess.allows(constant: offset, size: access.size)
                || PlantedFault.nearbyConstants.isPlanted
        else { return }
        let pointer =
            offset == 0 ? start : builder.byteOffset(start, types.i64.constant(Int(offset)))
        access.instruction.setOperand(access.pointerIndex, to: pointer)
    }
}

extension IRInstruction {
    fileprivate var isDisjointOr: Bool { opcode == .or && isDisjoint }
}

extension Pass {
    /// Relates the addresses of accesses that are near one another.
    public static let nearbyAddresses = functions("nearby-addresses") { module, context in
        context.memory.flatMap { NearbyAddresses($0, in: module) }?.run
    }
}
