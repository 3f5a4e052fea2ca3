// Atomic accesses (the threads proposal). They may be used on memories that are not shared; their
// alignment must be the natural one.

import WasmBinary
import WasmTypes

extension BodyValidator {
    mutating func atomic(_ instruction: AtomicInstruction) throws(ModuleError) {
        switch instruction {
        case .notify(let argument):
            let address = try atomicAddress(argument, .bits32)
            try pop(.i32)
            try pop(address)
            push(.i32)
        case .wait(let type, let argument):
            let address = try atomicAddress(argument, type == .i32 ? .bits32 : .bits64)
            try pop(.i64)
            try pop(context.types.operand(type.valueType))
            try pop(address)
            push(.i32)
        case .fence:
            break
        case .load(let type, let width, let argument):
            try pop(try atomicAddress(argument, width))
            push(context.types.operand(type.valueType))
        case .store(let type, let width, let argument):
            let address = try atomicAddress(argument, width)
            try pop(context.types.operand(type.valueType))
            try pop(address)
        case .readModifyWrite(_, let type, let width, let argument):
            try atomicUpdate(type, width, argument, operandCount: 1)
        case .compareExchange(let type, let width, let argument):
            try atomicUpdate(type, width, argument, operandCount: 2)
        }
    }

    private mutating func atomicUpdate(
        _ type: IntegerType, _ width: AccessWidth, _ argument: MemoryArgument, operandCount: Int
    ) throws(ModuleError) {
        let address = try atomicAddress(argument, width)
        let type = context.types.operand(type.valueType)
        for _ in 0..<operandCount { try pop(type) }
        try pop(address)
        push(type)
    }

    private func atomicAddress(
        _ argument: MemoryArgument, _ width: AccessWidth
    ) throws(ModuleError) -> OperandType {
        let type = try address(argument, widthLog2: width.byteCountLog2)
        guard argument.alignmentLog2 == width.byteCountLog2 else {
            throw failure(
                "atomic alignment must be natural: 2^\(argument.alignmentLog2) bytes, natural is "
                    + "2^\(width.byteCountLog2)")
        }
        return type
    }
}
