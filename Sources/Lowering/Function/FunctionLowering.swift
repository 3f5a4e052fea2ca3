// Lowers one function: reads its instructions once and builds SSA form as it goes.
//
// Validation has already run, so nothing is checked again: operands are there and have the right
// types. Code that cannot be reached is skipped in one place, before dispatch. The instructions
// themselves are lowered in the extensions, by area.

internal import LLVMKit
internal import WasmBinary
internal import WasmTypes

/// The state of lowering one function.
struct FunctionLowering {
    let unit: UnitLowering
    let function: IRFunction
    let type: FunctionType
    let signature: FunctionSignature
    let builder: IRBuilder
    let types: IRTypes
    let instance: any InstanceAccess
    /// The parameters of the WebAssembly function.
    let parameters: [IRValue]

    var stack = OperandStack()
    var locals: LocalVariables
    var control: [ControlFrame] = []
    /// Where in `control` those are that catch what is thrown here, the innermost last.
    var handlers: [Int] = []
    /// What landing pads have got, by the exception in it.
    var pads: [IRValue: IRValue] = [:]
    /// References that are objects or null by their types, and those that are not null.
    var objects: Set<IRValue> = []
    var nonNulls: Set<IRValue> = []
    /// Whether the instruction that comes next can be executed.
    var isReachable = true
    /// In libraries that count fuel.
    var fuel: FuelMeter?
    var loops = LoopScan()
    /// What the source looks like, with `-g`.
    private var debug: FunctionDebugInfo?

    private let assignments: LocalAssignments
    /// The ordinal of the next structured instruction, as `LocalAssignments` counts them.
    private(set) var nextOrdinal = 0
    /// Structured instructions that are open inside unreachable code.
    private var unreachableDepth = 0
    private var trapBlocks: [TrapCode: BasicBlock] = [:]

    /// Begins a function. The builder stands in its entry block afterwards.
    ///
    /// - Parameters:
    ///   - declared: the locals without the parameters.
    ///   - assignments: which locals each structured instruction assigns.
    init(
        unit: UnitLowering, function: IRFunction, type: FunctionType,
        signature: FunctionSignature, declared: [FunctionBody.LocalGroup] = [],
        assignments: LocalAssignments = LocalAssignments()
    ) {
        self.unit = unit
        self.function = function
        self.type = type
        self.signature = signature
        self.assignments = assignments
        builder = unit.builder
        types = unit.types
        instance = unit.instance

        builder.position(atEndOf: builder.addBlock("entry", to: function))
        instance.enter(function)
        parameters = signature.receive(in: function, of: unit)
        var initial = parameters
        for group in declared {
            let zero = unit.lower(group.type).zero
            initial.append(contentsOf: repeatElement(zero, count: Int(group.count)))
        }
        locals = LocalVariables(initial, inMemory: assignments.isExcessive, builder: builder)
        for (value, type) in zip(parameters, type.parameters) { noteObject(value, type) }
        control.append(
            ControlFrame(
                kind: .function, parameterTypes: [], resultTypes: type.results, height: 0,
                assigned: []))
    }

    /// Lowers a function that the module defines.
    static func lower(_ index: FunctionIndex, in unit: UnitLowering) throws(ModuleError) {
        let module = unit.module
        let body = module.bodies[Int(index) - module.importedFunctionCount]
        let type = module.functionType(index)!
        var lowering = FunctionLowering(
            unit: unit, function: unit.function(index), type: type,
            signature: unit.signature(type), declared: body.locals,
            assignments: try LocalAssignments(of: index, body, in: module))
        if lowering.assignments.isExcessiveInTries {
            unit.ir.setUnoptimized(true, lowering.function)
        }
        try lowering.beginFuel(body)
        lowering.debug = unit.debug?.function(index, body)
        lowering.debug?.begin(in: lowering)
        try lowering.lower(body.code)
        lowering.finish()
    }

    /// Lowers instructions up to the end of the function.
    private mutating func lower(_ code: Range<Int>) throws(ModuleError) {
        var reader = InstructionReader(bytes: unit.module.bytes, range: code)
        while !control.isEmpty {
            let next = try reader.next()
            if isReachable {
                debug?.advance(to: next.offset, in: self)
                meter(next.instruction)
                lower(next.instruction)
                reloadFuel(behind: next.instruction)
            } else {
                skip(next.instruction)
            }
        }
    }

    /// Lowers a constant expression and leaves its value on the operand stack.
    ///
    /// - Returns: the position behind its end.
    mutating func lowerConstant(from position: Int) throws(ModuleError) -> Int {
        var reader = InstructionReader(
            bytes: unit.module.bytes, range: position..<unit.module.bytes.count)
        while true {
            let instruction = try reader.next().instruction
            if case .end = instruction { return reader.position }
            lower(instruction)
        }
    }

    /// Ends the function, behind its last instruction.
    mutating func finish() {
        for (_, block) in trapBlocks.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            builder.moveToEnd(block, of: function)
        }
        if debug != nil { builder.location = nil }
    }

    /// Passes over an instruction that cannot be executed, until the end of what encloses it.
    private mutating func skip(_ instruction: Instruction) {
        switch instruction {
        case .block, .loop, .if, .tryTable, .try:
            unreachableDepth += 1
            nextOrdinal += 1
        case .else:
            if unreachableDepth == 0 { lowerElse() }
        case .catch(let tag):
            if unreachableDepth == 0 { lowerCatch(tag) }
        case .catchAll:
            if unreachableDepth == 0 { lowerCatch(nil) }
        case .delegate(let label):
            if unreachableDepth == 0 { lowerDelegate(label) } else { unreachableDepth -= 1 }
        case .end:
            if unreachableDepth == 0 { lowerEnd() } else { unreachableDepth -= 1 }
        default:
            break
        }
    }

    /// The locals that the structured instruction now beginning assigns.
    mutating func nextAssignedLocals() -> [LocalIndex] {
        defer { nextOrdinal += 1 }
        return assignments.byOrdinal[nextOrdinal]
    }

    private mutating func lower(_ instruction: Instruction) {
        switch instruction {
        case .unreachable: lowerTrap(.unreachable)
        case .nop: break
        case .block(let type): lowerBlock(type)
        case .loop(let type): lowerLoop(type)
        case .if(let type): lowerIf(type)
        case .else: lowerElse()
        case .end: lowerEnd()
        case .branch(let label): lowerBranch(label)
        case .branchIf(let label): lowerBranchIf(label)
        case .branchTable(let table): lowerBranchTable(table)
        case .return: lowerBranch(LabelIndex(control.count - 1))
        case .call(let callee): lowerCall(callee, as: .plain)
        case .callIndirect(let type, let table):
            lowerCallIndirect(type, table, as: .plain)
        case .callReference(let type): lowerCallReference(type, as: .plain)
        case .returnCall(let callee): lowerCall(callee, as: .tail)
        case .returnCallIndirect(let type, let table):
            lowerCallIndirect(type, table, as: .tail)
        case .returnCallReference(let type): lowerCallReference(type, as: .tail)
        case .throw(let tag): lowerThrow(tag)
        case .throwReference: lowerThrowReference()
        case .tryTable(let type, let clauses): lowerTryTable(type, clauses)
        case .try(let type): lowerTry(type)
        case .catch(let tag): lowerCatch(tag)
        case .catchAll: lowerCatch(nil)
        case .rethrow(let label): lowerRethrow(label)
        case .delegate(let label): lowerDelegate(label)
        case .branchOnNull(let label): lowerBranchOnNull(label)
        case .branchOnNonNull(let label): lowerBranchOnNonNull(label)

        case .drop: stack.pop().keepLoad()
        case .select, .selectTyped: lowerSelect()
        case .localGet(let local): stack.push(locals[local])
        case .localSet(let local): locals[local] = stack.pop()
        case .localTee(let local): locals[local] = stack.top(1).last!
        case .globalGet(let global): lowerGlobalGet(global)
        case .globalSet(let global): lowerGlobalSet(global)

        case .tableGet(let table): lowerTableGet(table)
        case .tableSet(let table): lowerTableSet(table)
        case .tableSize(let table): lowerTableSize(table)
        case .tableGrow(let table): lowerTableGrow(table)
        case .tableFill(let table): lowerTableFill(table)
        case .tableCopy(let destination, let source): lowerTableCopy(destination, source)
        case .tableInit(let segment, let table): lowerTableInit(segment, table)
        case .elementDrop(let segment): drop(instance.elementSegment(segment))

        case .load(let operation, let argument): lowerLoad(operation, argument)
        case .store(let operation, let argument): lowerStore(operation, argument)
        case .memorySize(let memory): lowerMemorySize(memory)
        case .memoryGrow(let memory): lowerMemoryGrow(memory)
        case .memoryFill(let memory): lowerMemoryFill(memory)
        case .memoryCopy(let destination, let source): lowerMemoryCopy(destination, source)
        case .memoryInit(let segment, let memory): lowerMemoryInit(segment, memory)
        case .dataDrop(let segment): drop(instance.dataSegment(segment))
        case .atomic(let instruction): lowerAtomic(instruction)

        case .i32Const(let value): stack.push(types.i32.constant(Int(value)))
        case .i64Const(let value): stack.push(types.i64.constant(Int(value)))
        case .f32Const(let bits): stack.push(types.constantF32(bits: bits))
        case .f64Const(let bits): stack.push(types.constantF64(bits: bits))
        case .integerUnary(let type, let operation): lowerIntegerUnary(type, operation)
        case .integerBinary(let type, let operation): lowerIntegerBinary(type, operation)
        case .integerTestZero(let type): lowerIntegerTestZero(type)
        case .integerCompare(_, let comparison): lowerIntegerCompare(comparison)
        case .floatUnary(_, let operation): lowerFloatUnary(operation)
        case .floatBinary(_, let operation): lowerFloatBinary(operation)
        case .floatCompare(_, let comparison): lowerFloatCompare(comparison)
        case .convert(let conversion): lowerConversion(conversion)
        case .wideArithmetic(let operation): lowerWideArithmetic(operation)

        case .vector(let instruction): lowerVector(instruction)

        case .refNull: stack.push(types.pointer.zero)
        case .refIsNull: pushBoolean(builder.icmp(.eq, stack.pop(), types.pointer.zero))
        case .refFunction(let function): stack.push(instance.functionReference(function))
        case .refAsNonNull:
            trap(.nullReference, ifNull: stack.top(1).last!)

        case .refTest(let type): lowerRefTest(type)
        case .refCast(let type): lowerRefCast(type)
        case .branchOnCast(let branch): lowerBranchOnCast(branch, fails: false)
        case .branchOnCastFail(let branch): lowerBranchOnCast(branch, fails: true)

        case .refEqual:
            let other = stack.pop()
            pushBoolean(builder.icmp(.eq, stack.pop(), other))
        case .aggregate(let instruction): lowerAggregate(instruction)
        }
    }

    // Traps ----------------------------------------------------------------------------------

    /// Ends the reachable code in a trap.
    mutating func lowerTrap(_ code: TrapCode) {
        builder.branch(to: trapBlock(code))
        isReachable = false
    }

    /// Traps if a condition holds, and goes on in a new block if not.
    mutating func trap(_ code: TrapCode, if condition: IRValue) {
        if condition.constantInteger == 0 { return }
        let next = builder.addBlock("", to: function)
        builder.branch(if: condition, then: trapBlock(code), else: next)
        builder.position(atEndOf: next)
    }

    /// The block that traps for a reason: one per function, out of the way of the code. With debug
    /// information every trap has one of its own, which tells where it was.
    private mutating func trapBlock(_ code: TrapCode) -> BasicBlock {
        if debug == nil, let block = trapBlocks[code] { return block }
        let block = builder.addBlock("trap", to: function)
        let position = builder.insertionBlock
        builder.position(atEndOf: block)
        endFuel(code)
        if instance.outlivesTraps { builder.compilerBarrier() }
        // A debugger takes the first instruction of an inlined function for one of its caller, as
        // if the call was still to come; so the trap must not be the first one.
        if debug != nil { unit.ir.setNotMergeable(builder.nop()) }
        let trap = builder.intrinsic("llvm.ubsantrap", [types.i8.constant(UInt64(code.rawValue))])
        if debug != nil { unit.ir.setNotMergeable(trap) }
        builder.unreachable()
        builder.position(atEndOf: position)
        trapBlocks[code] = block
        return block
    }

    // Operands -------------------------------------------------------------------------------

    /// Pushes a truth value as the i32 that WebAssembly has for it.
    mutating func pushBoolean(_ condition: IRValue) {
        stack.push(builder.zext(condition, to: types.i32))
    }

    /// Pops an i32 as a truth value.
    mutating func popCondition() -> IRValue {
        let value = stack.pop()
        return value.extendedBoolean ?? builder.icmp(.ne, value, types.i32.zero)
    }
}
