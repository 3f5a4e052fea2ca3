// Smaller tables for jumps at -Os on x86-64, whose tables have eight bytes for each value that is
// switched on. A table of bytes says which of the targets it is, and the table of addresses has
// each of them once.
//
// sandbox: indifferent to the guest's memory. The table's index is limited to its last byte before it is
// used, and the numbers in it to the targets that there are.

internal import LLVMKit

/// Looks up the number of a switch's target where many values share few.
struct SwitchTables {
    let builder: IRBuilder
    let types: IRTypes

    func run(on module: borrowing IRModule) {
        for function in module.changeableFunctions {
            for block in function.blocks {
                let terminator = block.terminator
                guard terminator.opcode == .switch, let plan = Plan(terminator), plan.isWorthIt
                else { continue }
                change(terminator, plan, in: function, of: module)
            }
        }
    }

    /// What a switch is, and what it is turned into.
    private struct Plan {
        /// The smallest value with a target of its own.
        let first: UInt64
        /// Every target once; the one of all other values comes first.
        let targets: [BasicBlock]
        /// The target's number by value, from `first` on.
        let numbers: [UInt8]
        let caseCount: Int

        /// Nil if values are too far apart for a table.
        init?(_ instruction: IRInstruction) {
            guard let width = instruction.operand(0).type.integerWidth, width <= 32 else {
                return nil
            }
            let cases = instruction.switchCases
            guard let first = cases.map(\.value).min(), let last = cases.map(\.value).max(),
                last - first < 1024
            else { return nil }
            var targets = [instruction.successors[0]]
            var numbers = [UInt8](repeating: 0, count: Int(last - first) + 1)
            for (value, target) in cases {
                let number = targets.firstIndex(of: target) ?? targets.count
                if number == targets.count { targets.append(target) }
                guard let byte = UInt8(exactly: number) else { return nil }
                numbers[Int(value - first)] = byte
            }
            self.first = first
            self.targets = targets
            self.numbers = numbers
            caseCount = cases.count
        }

        /// Whether LLVM's tables are larger. For few targets it tests bits. With values farther apart
        /// it makes more than one table, each at least two fifths full.
        var isWorthIt: Bool {
            let addressSize = 8
            let instructions = 32
            let entries = min(numbers.count, caseCount * 2)
            return targets.count > 4 && caseCount * 4 >= numbers.count
                && entries * addressSize
                    > numbers.count + targets.count * addressSize + instructions
        }
    }

    private func change(
        _ instruction: IRInstruction, _ plan: Plan, in function: IRFunction,
        of module: borrowing IRModule
    ) {
        let block = instruction.block
        builder.position(before: instruction)
        let value = builder.resize(instruction.operand(0), to: types.i32)
        let index = builder.sub(value, types.i32.constant(plan.first))
        // The last byte is for everything else.
        let limit = types.i32.constant(plan.numbers.count)
        let place = builder.intrinsic("llvm.umin", overloads: [types.i32], [index, limit])
        let content = types.constantBytes(plan.numbers + [0])
        let table = module.addGlobal(
            "", type: content.type, linkage: .private, initializer: content, isConstant: true)
        table.setAlignment(1)
        let address = builder.byteOffset(table.value, builder.zext(place, to: types.i64))
        let number = builder.load(types.i8, from: address, alignment: 1)
        for target in Set(instruction.successors) { keepOneEdge(from: block, to: target) }
        instruction.erase()
        let impossible = builder.addBlock("", to: function)
        builder.position(atEndOf: block)
        builder.switch(
            builder.zext(number, to: types.i32), cases: plan.targets, default: impossible)
        builder.position(atEndOf: impossible)
        builder.unreachable()
    }

    /// Phis have a value for each edge, and there is just one now.
    private func keepOneEdge(from block: BasicBlock, to target: BasicBlock) {
        for phi in target.phis {
            let incoming = phi.incoming
            guard incoming.filter({ $0.block == block }).count > 1 else { continue }
            builder.position(before: phi)
            let replacement = builder.phi(phi.type)
            var isKept = false
            for (value, source) in incoming where source != block || !isKept {
                isKept = isKept || source == block
                let value = value == phi.value ? replacement : value
                replacement.addIncoming(value, from: source)
            }
            phi.replaceAllUses(with: replacement)
            phi.erase()
        }
    }
}

extension Pass {
    /// Makes the tables of switches smaller. AArch64's have small entries anyway.
    public static let switchTables = module("switch-tables", when: \.isX86_64) { module, _ in
        SwitchTables(builder: module.builder, types: module.types).run(on: module)
    }
}
