// Atomic instructions (the threads proposal). All are sequentially consistent. Alignment is a
// rule here, not a hint: an address that is not a multiple of the width traps.
//
// sandbox: rests on `popAddress`, as all accesses do. What is handed to the runtime is an address that
// was formed there; an access of a guarded memory is only checked by the hardware when it is made.

internal import LLVMKit
internal import PlantedFaults
internal import RuntimeABI
internal import WasmBinary
internal import WasmTypes

extension FunctionLowering {
    mutating func lowerAtomic(_ instruction: AtomicInstruction) {
        switch instruction {
        case .notify(let argument): lowerNotify(argument)
        case .wait(let type, let argument): lowerWait(type, argument)
        case .fence: builder.fence()
        case .load(let type, let width, let argument):
            let address = popAddress(argument, size: width.byteCount, isAtomic: true)
            let value = builder.atomicLoad(
                types.integer(bits: width.bitCount), from: address,
                alignment: Int(width.byteCount))
            stack.push(widen(value, to: type))
        case .store(_, let width, let argument):
            let value = popOperand(width)
            let address = popAddress(argument, size: width.byteCount, isAtomic: true)
            builder.atomicStore(value, to: address, alignment: Int(width.byteCount))
        case .readModifyWrite(let operation, let type, let width, let argument):
            let value = popOperand(width)
            let address = popAddress(argument, size: width.byteCount, isAtomic: true)
            let old = builder.atomicReadModifyWrite(operation.ir, at: address, value)
            stack.push(widen(old, to: type))
        case .compareExchange(let type, let width, let argument):
            lowerCompareExchange(type, width, argument)
        }
    }

    /// The expected value is wrapped to the width: its high bits do not matter.
    private mutating func lowerCompareExchange(
        _ type: IntegerType, _ width: AccessWidth, _ argument: MemoryArgument
    ) {
        let replacement = popOperand(width)
        let expected = popOperand(width)
        let address = popAddress(argument, size: width.byteCount, isAtomic: true)
        let old = builder.atomicCompareExchange(
            at: address, expected: expected, replacement: replacement)
        stack.push(widen(old, to: type))
    }

    private mutating func popOperand(_ width: AccessWidth) -> IRValue {
        let value = stack.pop()
        let type = types.integer(bits: width.bitCount)
        return value.type == type ? value : builder.trunc(value, to: type)
    }

    private func widen(_ value: IRValue, to type: IntegerType) -> IRValue {
        value.type == integer(type) ? value : builder.zext(value, to: integer(type))
    }

    // Waiting --------------------------------------------------------------------------------

    /// Pops the address of an integer for the runtime, and touches it here: the trap of an address
    /// outside of the memory must be one of guest code, which holds no lock.
    private mutating func popTouchedAddress(
        _ type: IntegerType, _ argument: MemoryArgument
    ) -> IRValue {
        let size: UInt64 = type == .i32 ? 4 : 8
        let address = popAddress(argument, size: size, isAtomic: true)
        if PlantedFault.untouchedWait.isPlanted { return address }
        _ = builder.atomicLoad(integer(type), from: address, alignment: Int(size))
        return address
    }

    private mutating func lowerNotify(_ argument: MemoryArgument) {
        let count = stack.pop()
        let address = popTouchedAddress(.i32, argument)
        let notify = unit.runtimeFunction(SMELT_RUNTIME_atomic_notify)
        stack.push(builder.call(notify, [address, count]))
    }

    private mutating func lowerWait(_ type: IntegerType, _ argument: MemoryArgument) {
        let timeout = stack.pop()
        let expected = stack.pop()
        let address = popTouchedAddress(type, argument)
        guard unit.module.memories[Int(argument.memory)].isShared else {
            lowerTrap(.expectedSharedMemory)
            return
        }
        stack.push(
            callInPieces(
                type == .i32 ? SMELT_RUNTIME_atomic_wait32 : SMELT_RUNTIME_atomic_wait64,
                [address, expected, timeout]))
    }
}

extension AtomicOperator {
    fileprivate var ir: IRBuilder.AtomicOperation {
        switch self {
        case .add: .add
        case .subtract: .sub
        case .and: .and
        case .or: .or
        case .xor: .xor
        case .exchange: .exchange
        }
    }
}
