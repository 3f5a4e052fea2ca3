// Smaller addresses on x86-64. Memory 0's address takes four bytes in each instruction that adds
// it to a register; relative to the segment register gs, which the runtime points to memory 0, an
// access has a prefix of one byte and a displacement that is as small as its offset.
//
// sandbox: rests on `GuestMemory.hasSegment`, which is the program's and which its entry point tells the
// runtime; the code generator refuses units that use gs in other programs (`areUsed`). The address
// itself keeps its value: what was added to the base is added to gs.

public import LLVMKit

/// Makes accesses of memory 0 relative to gs.
public struct SegmentAddresses {
    private let builder: IRBuilder
    private let types: IRTypes
    private let base: IRValue

    /// Nil if the module does not use the memory.
    init?(_ memory: GuestMemory, in module: borrowing IRModule) {
        guard let base = memory.symbol(in: module) else { return nil }
        builder = module.builder
        types = module.types
        self.base = base
    }

    /// Whether any instruction of a module has an operand that is relative to gs, or makes one.
    public static func areUsed(in module: borrowing IRModule) -> Bool {
        let type = module.types.segmentPointer
        return module.functionDefinitions.contains { function in
            function.blocks.contains { block in
                block.instructions.contains { instruction in
                    instruction.type == type
                        || (0..<instruction.operandCount).contains {
                            instruction.operand($0).type == type
                        }
                }
            }
        }
    }

    func run(on module: borrowing IRModule) {
        for function in module.changeableFunctions { run(on: function) }
    }

    private func run(on function: IRFunction) {
        for access in function.blocks.flatMap(\.instructions) {
            let pointerIndex: Int
            switch access.opcode {
            case .load: pointerIndex = 0
            case .store: pointerIndex = 1
            default: continue
            }
            guard let offsets = offsets(of: access.operand(pointerIndex)) else { continue }
            builder.position(before: access)
            // Relative to null and not made from an integer: LLVM can compute with it.
            let start = types.segmentPointer.zero
            access.setOperand(pointerIndex, to: offsets.reduce(start, builder.byteOffset))
        }
    }

    /// What is added to memory 0's address, constants last. Nil for what is not relative to it, and
    /// for constant addresses, which are shorter relative to the instruction.
    private func offsets(of pointer: IRValue) -> [IRValue]? {
        var pointer = pointer
        var offsets: [IRValue] = []
        while pointer != base {
            guard let (inner, offset) = pointer.byteOffset else { return nil }
            offsets.append(offset)
            pointer = inner
        }
        let variables = offsets.filter { !$0.isConstant }
        let constant = offsets.compactMap(\.constantInteger).reduce(0, &+)
        guard !variables.isEmpty,
            offsets.allSatisfy({ !$0.isConstant || $0.constantInteger != nil })
        else { return nil }
        return variables.reversed() + (constant == 0 ? [] : [types.i64.constant(constant)])
    }
}

extension Pass {
    /// Makes accesses relative to gs, where there is one. Code for other machines is smaller with a
    /// register.
    public static let segmentAddresses = module("segment-addresses", when: \.isX86_64) {
        module, context in
        guard let memory = context.memory, memory.hasSegment else { return }
        SegmentAddresses(memory, in: module)?.run(on: module)
    }
}
