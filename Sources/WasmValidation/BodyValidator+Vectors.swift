// Vectors (WebAssembly 3.0, section 3.4.5): what the opcode table cannot say, which is memory
// accesses and lane indices.

import WasmBinary
import WasmTypes

extension BodyValidator {
    mutating func vector(_ instruction: VectorInstruction) throws(ModuleError) {
        switch instruction {
        case .load(let argument), .store(let argument):
            try access(argument, widthLog2: 4)
        case .loadExtending(from: _, signed: _, let argument):
            try access(argument, widthLog2: 3)
        case .loadSplat(let width, let argument), .loadZero(let width, let argument):
            try access(argument, widthLog2: width.byteCountLog2)
        case .loadLane(let width, let argument, let lane),
            .storeLane(let width, let argument, let lane):
            try requireLane(lane, below: 16 >> Int(width.byteCountLog2))
            try access(argument, widthLog2: width.byteCountLog2)
        case .shuffle(let lanes):
            for index in 0..<16 { try requireLane(lanes[index], below: 32) }
            try applySignature()
        case .extractLane(let shape, signed: _, let lane), .replaceLane(let shape, let lane):
            try requireLane(lane, below: shape.laneCount)
            try applySignature()
        case .constant, .swizzle, .splat, .bitwiseNot, .bitwise, .bitSelect, .anyTrue, .allTrue,
            .bitMask, .integerUnary, .integerBinary, .integerShift, .integerCompare, .floatUnary,
            .floatBinary, .floatCompare, .narrow, .extend, .extendedMultiply,
            .extendedAddPairwise, .dotProduct, .convert, .relaxed:
            try applySignature()
        }
    }

    private func requireLane(_ lane: UInt8, below count: Int) throws(ModuleError) {
        guard Int(lane) < count else {
            throw failure("invalid lane index \(lane), there are \(count)")
        }
    }
}
