// Pointers that loops begin at.
//
// LLVM's code generator for x86-64 computes an address again wherever it is used, if the instruction that
// uses it can do so. The memory's place is a constant of 32 bits, so a pointer from before a loop becomes
// part of each access in it: nine bytes for an instruction that needs five, and a processor that can decode
// fewer of them at once.
//
// sandbox: indifferent. A pointer that was computed before is used as it is.

internal import LLVMKit

/// Hides from the code generator how such pointers were computed.
struct LoopPointers {
    private let builder: IRBuilder
    private let base: MemoryBase

    init(_ memory: GuestMemory, in module: borrowing IRModule) {
        builder = module.builder
        base = MemoryBase(memory, in: module)
    }

    func run(on function: IRFunction) {
        let pointers = function.blocks.flatMap { block in
            block.instructions.filter { instruction in
                guard let (pointer, _) = instruction.value.byteOffset else { return false }
                return base.matches(pointer, in: function)
                    && instruction.users.contains { $0.block != block }
            }
        }
        if pointers.isEmpty { return }
        let loops = LoopBodies(function)
        for pointer in pointers where isUsedInLoop(pointer, loops) { hide(pointer) }
    }

    private func isUsedInLoop(_ pointer: IRInstruction, _ loops: LoopBodies) -> Bool {
        pointer.users.contains { user in
            loops.smallest(around: user.block).map { !$0.computes(pointer.value) } ?? false
        }
    }

    /// It is never poison, so that this is no instruction of the processor's.
    private func hide(_ pointer: IRInstruction) {
        builder.position(before: pointer.next!)
        let hidden = builder.freeze(pointer.value)
        pointer.replaceAllUses(with: hidden)
        IRInstruction(hidden)!.setOperand(0, to: pointer.value)
    }
}

extension Pass {
    /// Lets loops begin at pointers that stay in registers. AArch64 has no constants in its accesses
    /// that are as large.
    public static let loopPointers = functions("loop-pointers", when: \.isX86_64) {
        module, context in
        context.memory.map { LoopPointers($0, in: module) }?.run
    }
}
