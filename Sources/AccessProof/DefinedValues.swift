// Whether a value is made from numbers only, so that freezing it changes nothing.

internal import LLVMKit

extension FunctionProof {
    /// Whether no constant `undef` or `poison` takes part in a value, however deep.
    func isDefined(_ value: IRValue) -> Bool {
        if let known = defined[value] { return known }
        let result = findOut(value)
        defined[value] = result
        return result
    }

    private func findOut(_ value: IRValue) -> Bool {
        var seen: Set<IRValue> = [value]
        var open = [value]
        while let next = open.popLast() {
            guard seen.count < Self.mostValues else { return false }
            if next.isUndefined { return false }
            if let lanes = next.constantLanes, lanes.contains(where: \.isUndefined) { return false }
            guard let instruction = IRInstruction(next), !isOpaque(instruction) else { continue }
            for index in 0..<instruction.operandCount {
                let operand = instruction.operand(index)
                if seen.insert(operand).inserted { open.append(operand) }
            }
        }
        return true
    }

    /// Whether an instruction gives a number whatever it is made from.
    private func isOpaque(_ instruction: IRInstruction) -> Bool {
        switch instruction.opcode {
        case .load, .alloca, .freeze, .atomicReadModifyWrite, .atomicCompareExchange: true
        case .call: !instruction.isIntrinsicCall
        default: false
        }
    }

    private static let mostValues = 1024
}
