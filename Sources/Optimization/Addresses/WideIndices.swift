// Indices of 64 bits where addresses need them.
//
// An address is computed with 64 bits from an index of 32. Instructions of 32 bits clear the upper half
// of a register, so that costs nothing where the index is computed. But LLVM does not know it of what
// comes from another block, and clears the upper half once more with a move.
//
// sandbox: rests on it that a wide value is the zero extension of the narrow one wherever it is used as an
// index: it is made by a `zext` where the narrow one is computed, or is a phi of such values and of
// constants that are extended the same way.

internal import LLVMKit
internal import PlantedFaults

/// Extends indices where they are computed, and lets them go from block to block with 64 bits.
struct WideIndices {
    let builder: IRBuilder
    let types: IRTypes

    func run(on function: IRFunction) {
        let extensions = function.blocks.flatMap(\.instructions).filter(isExtension)
        let phis = widePhis(for: extensions)
        var wide: [IRValue: IRValue] = [:]
        for phi in phis {
            builder.position(before: phi)
            wide[phi.value] = builder.phi(types.i64)
        }
        for extended in extensions {
            extend(extended, in: &wide)
        }
        for phi in phis {
            let sources = phi.incoming.map { ($0.block, extended($0.value, in: &wide)) }
            for (block, value) in sources {
                wide[phi.value]!.addIncoming(value, from: block)
            }
        }
        for phi in phis { narrow(phi, wide[phi.value]!) }
    }

    private func isExtension(_ instruction: IRInstruction) -> Bool {
        instruction.opcode == .zext && instruction.type.integerWidth == 64
            && instruction.operand(0).type.integerWidth == 32
    }

    /// The phis that are extended, or lead to one that is, all of whose values can be extended for
    /// nothing.
    private func widePhis(for extensions: [IRInstruction]) -> [IRInstruction] {
        var phis: [IRInstruction] = []
        var found: Set<IRInstruction> = []
        var next = extensions.compactMap { IRInstruction($0.operand(0)) }
        while let instruction = next.popLast() {
            guard instruction.opcode == .phi, found.insert(instruction).inserted else { continue }
            phis.append(instruction)
            next += instruction.incoming.compactMap { IRInstruction($0.value) }
        }
        // Those that cost something, and then those that they lead to.
        next = phis
        while let phi = next.popLast() {
            guard found.contains(phi),
                !phi.incoming.allSatisfy({ isFree($0.value, phis: found) })
            else { continue }
            found.remove(phi)
            next += phi.users.filter { $0.opcode == .phi }
        }
        return phis.filter(found.contains)
    }

    private func isFree(_ value: IRValue, phis: Set<IRInstruction>) -> Bool {
        if value.constantInteger != nil { return true }
        guard let instruction = IRInstruction(value) else { return false }
        return phis.contains(instruction) || clearsUpperHalf(instruction)
    }

    /// Whether an instruction of 32 bits has a result whose upper half is zero in every register.
    private func clearsUpperHalf(_ instruction: IRInstruction) -> Bool {
        switch instruction.opcode {
        case .add, .sub, .mul, .shl, .lshr, .and, .or, .xor, .load, .select: true
        default: false
        }
    }

    /// Puts an extended value in place of an extension, if that comes from another block.
    private func extend(_ extended: IRInstruction, in wide: inout [IRValue: IRValue]) {
        let value = extended.operand(0)
        if let known = wide[value] {
            extended.replaceAllUses(with: known)
            extended.erase()
        } else if let source = IRInstruction(value), source.block != extended.block,
            clearsUpperHalf(source)
        {
            extended.replaceAllUses(with: self.extended(value, in: &wide))
            extended.erase()
        }
    }

    private func extended(_ value: IRValue, in wide: inout [IRValue: IRValue]) -> IRValue {
        if let known = wide[value] { return known }
        if let constant = value.constantInteger { return types.i64.constant(constant) }
        builder.position(before: IRInstruction(value)!.next!)
        let result =
            PlantedFault.signedWideIndex.isPlanted
            ? builder.sext(value, to: types.i64) : builder.zext(value, to: types.i64)
        wide[value] = result
        return result
    }

    /// Uses of the 32 bits of a phi take them from the wide one.
    private func narrow(_ phi: IRInstruction, _ wide: IRValue) {
        var parts: [BasicBlock: IRValue] = [:]
        for user in Set(phi.users) {
            for index in 0..<user.operandCount where user.operand(index) == phi.value {
                let block = user.opcode == .phi ? user.incoming[index].block : user.block
                let part = parts[block] ?? narrowed(wide, in: block)
                parts[block] = part
                user.setOperand(index, to: part)
            }
        }
        // For debuggers.
        phi.replaceAllUses(with: parts[phi.block] ?? narrowed(wide, in: phi.block))
        phi.erase()
    }

    private func narrowed(_ wide: IRValue, in block: BasicBlock) -> IRValue {
        builder.position(before: block.firstBehindPhis)
        return builder.trunc(wide, to: types.i32)
    }
}

extension Pass {
    /// Lets indices go from block to block with 64 bits. AArch64 extends them in the access.
    public static let wideIndices = functions("wide-indices", when: \.isX86_64) { module, _ in
        WideIndices(builder: module.builder, types: module.types).run
    }
}
