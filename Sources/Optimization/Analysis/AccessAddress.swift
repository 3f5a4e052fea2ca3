// Addresses of a loop's accesses, as far as they can be followed.
//
// sandbox: rests on it that base, index and offset together are the pointer of the access. A 32-bit index
// is distinguished from a 64-bit one by its zero extension; constants are added up in 64 bits and refused from
// 2^40 on.

internal import LLVMKit

/// `base + extend(index) + offset`: where an access of a loop goes.
struct AccessAddress {
    /// A pointer from outside the loop: the base of a linear memory, nearly always.
    let base: IRValue
    /// Of 32 bits: an address operand of WebAssembly, which wraps around and is zero-extended then.
    /// Of 64 bits: one of which LLVM found out that it does not wrap.
    let index: AffineExpression
    /// The value that `index` describes; nil if it is a sum of several.
    let indexValue: IRValue?
    /// What a constant offset adds behind the extension, in bytes.
    let offset: Int64

    /// Follows a pointer through `getelementptr` by bytes, also those before the loop.
    init?(_ pointer: IRValue, _ loop: NaturalLoop, _ affine: AffineAnalysis) {
        var walk = Walk(base: pointer)
        while walk.step(loop, affine) {}
        guard loop.inside(walk.base) == nil, walk.offset.magnitude < 1 << 40 else { return nil }
        base = walk.base
        offset = walk.offset
        index = walk.narrow ?? walk.wide
        indexValue = walk.values.count == 1 ? walk.values[0] : nil
    }

    private struct Walk {
        var base: IRValue
        var offset: Int64 = 0
        var narrow: AffineExpression?
        var wide = AffineExpression(constant: 0, bits: 64)
        var values: [IRValue] = []

        /// Moves one `getelementptr` from the base to the index or the offset.
        mutating func step(_ loop: NaturalLoop, _ affine: AffineAnalysis) -> Bool {
            guard let (pointer, index) = base.byteOffset else { return false }
            if let constant = index.constantInteger {
                offset &+= Int64(bitPattern: constant)
            } else if let operand = index.extended32 {
                // A sum of both kinds does not occur often enough to be followed.
                guard narrow == nil, wide.constant == 0,
                    let expression = affine.expression(operand)
                else { return false }
                narrow = expression
                values.append(operand)
            } else {
                guard narrow == nil, let expression = affine.expression(index) else { return false }
                wide = wide.adding(expression)
                values.append(index)
            }
            base = pointer
            return true
        }
    }
}

/// A load or a store whose address is known.
struct MemoryAccess {
    let instruction: IRInstruction
    let address: AccessAddress
    let isStore: Bool
    /// In bytes.
    let size: UInt64
    /// Where it stands in the loop.
    let position: Int

    /// The value that is loaded or stored is a number or a vector of numbers.
    init?(
        _ instruction: IRInstruction, position: Int, _ loop: NaturalLoop,
        _ affine: AffineAnalysis
    ) {
        isStore = instruction.opcode == .store
        let type = isStore ? instruction.operand(0).type : instruction.type
        guard type.laneType.isFloat || type.laneType.integerWidth != nil,
            let size = type.storeByteCount,
            let address = AccessAddress(
                instruction.operand(isStore ? 1 : 0), loop, affine)
        else { return nil }
        self.instruction = instruction
        self.address = address
        self.size = size
        self.position = position
    }
}

extension IRValue {
    /// The operand of a zero extension from 32 to 64 bits.
    var extended32: IRValue? {
        guard let instruction = IRInstruction(self), instruction.opcode == .zext,
            type.integerWidth == 64, instruction.operand(0).type.integerWidth == 32
        else { return nil }
        return instruction.operand(0)
    }
}
