// Fuel: what a library's guest may execute. Every instruction costs one, but for those that are only there
// for the structure (block, loop, else, end, nop); what handles many bytes or elements at once costs one
// more for every 64 bytes or 8 elements. A basic block is paid for at its end.
//
// While a function runs, its fuel is in a variable of its own, so that LLVM counts in a register, or finds out
// what a loop costs without counting. It is in the instance during calls and behind them. The same is
// counted whatever LLVM does, since it is counted in WebAssembly's instructions.
//
// Running out is noticed where less than nothing is left: in front of calls of the host, at the beginning of
// functions that call others, in front of loops, in each round of those with other loops or calls in
// them, and when the host's call ends. The rounds of other loops are limited behind all passes
// (`FuelLimits`), so that loops still become vectors. What is noticed late is noticed all the same, before
// anything but the guest's own state depends on it.
//
// sandbox: indifferent.

internal import AccessProof
internal import LLVMKit
internal import RuntimeABI
internal import WasmBinary
internal import WasmTypes

/// The fuel of the function that is being lowered.
struct FuelMeter {
    /// Where it is, an i64.
    let slot: IRValue
    /// The cost of the instructions since the last payment.
    var pending: UInt64 = 0
}

extension FunctionLowering {
    /// Begins to count if the library does. The builder stands in the entry block.
    mutating func beginFuel(_ body: FunctionBody) throws(ModuleError) {
        guard unit.program.form.library?.countsFuel == true else { return }
        loops = try LoopScan(of: body, in: unit.module)
        unit.markFuel(function)
        fuel = FuelMeter(slot: builder.entryAlloca(types.i64, in: function))
        reloadFuel()
        if loops.hasCalls { checkFuel() }
    }

    private var instanceFuel: IRValue {
        builder.byteOffset(
            instance.leadingArguments()[0],
            types.i64.constant(MemoryLayout<smelt_instance>.offset(of: \.fuel)!))
    }

    private func pay(_ cost: IRValue, from slot: IRValue) {
        let left = builder.load(types.i64, from: slot, alignment: 8)
        builder.store(builder.sub(left, cost), to: slot, alignment: 8)
    }

    private mutating func payPending() {
        guard let meter = fuel, meter.pending > 0 else { return }
        pay(types.i64.constant(meter.pending), from: meter.slot)
        fuel!.pending = 0
    }

    /// Traps if less than nothing is left.
    mutating func checkFuel() {
        guard let meter = fuel else { return }
        let left = builder.load(types.i64, from: meter.slot, alignment: 8)
        trap(.outOfFuel, if: builder.icmp(.slt, left, types.i64.zero))
    }

    /// Lets the instance have what is left.
    mutating func storeFuel() {
        guard let meter = fuel else { return }
        payPending()
        let left = builder.load(types.i64, from: meter.slot, alignment: 8)
        builder.store(left, to: instanceFuel, alignment: 8)
    }

    /// Goes on with what the instance has.
    func reloadFuel() {
        guard let meter = fuel else { return }
        let left = builder.load(types.i64, from: instanceFuel, alignment: 8)
        builder.store(left, to: meter.slot, alignment: 8)
    }

    /// In front of a trap: the instance has what is left, without the block that the trap is in.
    func endFuel(_ code: TrapCode) {
        guard let meter = fuel else { return }
        let left =
            code == .outOfFuel
            ? types.i64.constant(-1) : builder.load(types.i64, from: meter.slot, alignment: 8)
        builder.store(left, to: instanceFuel, alignment: 8)
    }

    /// In front of an instruction: adds its cost, and pays for the block that it ends.
    mutating func meter(_ instruction: Instruction) {
        guard fuel != nil else { return }
        switch instruction {
        case .nop, .block: break
        case .loop, .else, .end: payPending()
        case .if, .branch, .branchIf, .branchTable, .branchOnNull, .branchOnNonNull, .branchOnCast,
            .branchOnCastFail, .return, .unreachable:
            fuel!.pending += 1
            payPending()
        case .call(let callee), .returnCall(let callee):
            fuel!.pending += 1
            storeFuel()
            if callee < unit.module.importedFunctionCount { checkFuel() }
        case .callIndirect, .callReference, .returnCallIndirect, .returnCallReference:
            fuel!.pending += 1
            storeFuel()
        case .memoryFill, .memoryInit, .memoryCopy: payForMany(shift: 6)
        case .tableFill, .tableInit, .tableCopy, .tableGrow: payForMany(shift: 3)
        default: fuel!.pending += 1
        }
    }

    /// Pays for what the topmost operand is the number of, and is not begun without fuel.
    private mutating func payForMany(shift: UInt64) {
        fuel!.pending += 1
        payPending()
        let top = stack.top(1).last!
        let count = top.type == types.i64 ? top : builder.zext(top, to: types.i64)
        pay(builder.lshr(count, types.i64.constant(shift)), from: fuel!.slot)
        checkFuel()
    }

    /// Behind a call: what it has left.
    func reloadFuel(behind instruction: Instruction) {
        guard fuel != nil, isReachable else { return }
        switch instruction {
        case .call, .callIndirect, .callReference: reloadFuel()
        default: break
        }
    }
}

extension UnitLowering {
    /// Says that a function counts, for `FuelLimits`.
    func markFuel(_ function: IRFunction) {
        ir.addAttribute(string: ProofFacts.instanceAttribute + "-fuel", "", to: function)
    }
}
