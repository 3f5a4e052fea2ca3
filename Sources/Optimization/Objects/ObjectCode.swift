// What making an object and the write barrier are in machine code (the ABI header). Until the end of
// all other passes both are calls of the runtime that touch nothing that the program sees, so that
// LLVM keeps fields in registers across them and leaves out objects that nobody looks at.
//
// Nothing is wrong with a store that LLVM moves past such a call. Before it, the value is in a register or on
// the stack, where a collection finds it; after that it is old, and old objects may refer to it without
// a word. And the header is written here with the object, so that the collector always finds one.
//
// sandbox: rests on the size of a new object, which the lowering computes, and on the runtime's window.

internal import LLVMKit
internal import RuntimeABI
internal import TargetModel

/// Replaces calls of `smelt_object_new` and `smelt_write_barrier`.
struct ObjectCode {
    private let builder: IRBuilder
    private let types: IRTypes
    private let metadata: IRMetadata
    /// The address of `smelt_allocation`.
    private let window: IRValue

    private static let new = "smelt_object_new"
    private static let barrier = "smelt_write_barrier"
    private static let windowName = "smelt_allocation"
    private static let granule = 16
    /// How many instructions are looked at for what makes a barrier unnecessary.
    private static let reach = 64

    /// - Parameter isSmall: whether calls are better than their code.
    static func expand(in module: borrowing IRModule, isSmall: Bool) {
        let barriers = module.calls(of: barrier)
        let calls = module.calls(of: new)
        if barriers.isEmpty && calls.isEmpty { return }
        let code = ObjectCode(
            builder: module.builder, types: module.types, metadata: module.metadata,
            window: module.hiddenGlobal(Self.windowName, type: module.types.i64.array(3)))
        for call in barriers where isUnnecessary(barrier: call) { call.erase() }
        for function in module.functions where [new, barrier].contains(function.value.name) {
            module.setVisible(function)
        }
        // What LLVM found out of functions was true as long as nobody saw the window and the marks.
        for function in module.functionDefinitions { module.forgetMemory(of: function) }
        if !isSmall { for call in module.calls(of: barrier) { code.lower(barrier: call) } }
        var traps: [BasicBlock: BasicBlock] = [:]
        for call in calls { code.lower(new: call, isSmall: isSmall, &traps) }
    }

    /// Whether a module has code of objects.
    @Sendable static func isIn(_ module: borrowing IRModule) -> Bool {
        module.global(named: windowName) != nil
    }

    // The window ------------------------------------------------------------------------------

    private func load(_ type: IRType, at offset: Int) -> IRValue {
        let address = builder.byteOffset(window, types.i64.constant(offset))
        return builder.load(type, from: address, alignment: 8)
    }

    /// The address of the mark of what is at an address.
    private func mark(of object: IRValue) -> IRValue {
        let marks = load(types.pointer, at: MemoryLayout<smelt_allocation>.offset(of: \.marks)!)
        let granule = builder.lshr(builder.pointerToInteger(object), types.i64.constant(4))
        return builder.byteOffset(marks, granule)
    }

    private func markConstant(_ marks: smelt_mark...) -> IRValue {
        types.i8.constant(marks.reduce(0) { $0 | UInt64($1.rawValue) })
    }

    // Objects ---------------------------------------------------------------------------------

    /// - Parameter traps: where to go without memory, by function's first block.
    private func lower(
        new call: IRInstruction, isSmall: Bool, _ traps: inout [BasicBlock: BasicBlock]
    ) {
        let (header, size) = (call.operand(0), call.operand(1))
        let next = call.block
        // The lowering's own is not needed any more.
        for user in call.users
        where user.opcode == .store && user.operand(1) == call.value
            && isHeader(user.operand(0), header)
        { user.erase() }
        let head = builder.divide(before: call)
        let slow = builder.addBlock("", after: head)
        builder.position(before: call)
        let object = builder.phi(types.pointer)
        if isSmall {
            builder.position(atEndOf: head)
            builder.branch(to: slow)
        } else {
            let fast = builder.addBlock("", after: head)
            builder.position(atEndOf: head)
            let found = take(header, size, fast: fast, slow: slow)
            builder.branch(to: next)
            object.addIncoming(found, from: fast)
        }
        builder.position(atEndOf: slow)
        let made = builder.call(
            call.calledValue!, type: call.calledFunction!.type, convention: .keepingRegisters,
            [header, size])
        let trap = outOfMemory(in: next, &traps)
        builder.position(atEndOf: slow)
        let isMade = builder.icmp(.ne, made, types.pointer.zero)
        metadata.setSecondRare(builder.conditionalBranch(isMade, next, trap))
        object.addIncoming(made, from: slow)
        call.replaceAllUses(with: object)
        call.erase()
    }

    /// Whether a value is the header, or its first half, of an object that is all zeros.
    private func isHeader(_ value: IRValue, _ header: IRValue) -> Bool {
        if value == header { return true }
        guard let number = value.constantInteger else { return false }
        return value.type == types.i32 && number == header.constantInteger
    }

    /// Takes an object from the window if it fits, and is left at the end of the block where it does.
    private func take(
        _ header: IRValue, _ size: IRValue, fast: BasicBlock, slow: BasicBlock
    ) -> IRValue {
        let place = MemoryLayout<smelt_allocation>.offset(of: \.position)!
        let object = load(types.pointer, at: place)
        let behind = builder.byteOffset(object, size)
        let end = load(types.pointer, at: MemoryLayout<smelt_allocation>.offset(of: \.end)!)
        let fits = builder.icmp(.ule, behind, end)
        metadata.setSecondRare(builder.conditionalBranch(fits, fast, slow))
        builder.position(atEndOf: fast)
        builder.store(
            behind, to: builder.byteOffset(window, types.i64.constant(place)), alignment: 8)
        setMarks(of: object, size)
        builder.store(header, to: object, alignment: 8)
        return object
    }

    /// Marks the first granule and the last one.
    private func setMarks(of object: IRValue, _ size: IRValue) {
        let mark = mark(of: object)
        let (young, end) = (markConstant(SMELT_MARK_YOUNG), markConstant(SMELT_MARK_END))
        let both = markConstant(SMELT_MARK_YOUNG, SMELT_MARK_END)
        guard let bytes = size.constantInteger else {
            builder.store(young, to: mark, alignment: 1)
            let last = builder.byteOffset(
                mark, builder.sub(builder.lshr(size, types.i64.constant(4)), types.i64.constant(1)))
            let found = builder.load(types.i8, from: last, alignment: 1)
            builder.store(builder.or(found, end), to: last, alignment: 1)
            return
        }
        let granules = bytes / UInt64(Self.granule)
        builder.store(granules == 1 ? both : young, to: mark, alignment: 1)
        if granules == 1 { return }
        builder.store(
            end, to: builder.byteOffset(mark, types.i64.constant(granules - 1)), alignment: 1)
    }

    /// The block that traps when there is no memory: one per function, or with a place in the source,
    /// one per object.
    private func outOfMemory(
        in block: BasicBlock, _ traps: inout [BasicBlock: BasicBlock]
    ) -> BasicBlock {
        let hasPlace = builder.location != nil
        let key = block.function.blocks[0]
        if !hasPlace, let trap = traps[key] { return trap }
        let trap = builder.addBlock("trap", to: block.function)
        builder.position(atEndOf: trap)
        let code = UInt64(SMELT_TRAP_OUT_OF_MEMORY.rawValue)
        _ = builder.intrinsic("llvm.ubsantrap", [types.i8.constant(code)])
        builder.unreachable()
        if !hasPlace { traps[key] = trap }
        return trap
    }

    // Barriers --------------------------------------------------------------------------------

    /// Whether nothing can have come between the making of an object, or another barrier for the same
    /// place, and this one that makes an object old.
    private static func isUnnecessary(barrier call: IRInstruction) -> Bool {
        let object = call.operand(0)
        var before = call.previous
        for _ in 0..<reach {
            guard let instruction = before else { return false }
            if instruction.value == object { return instruction.isCall && instruction.isNewObject }
            let callee = instruction.calledFunction?.value.name
            if callee == barrier {
                // Of an array only the bytes that a barrier names are remembered.
                if (0..<3).allSatisfy({ instruction.operand($0) == call.operand($0) }) {
                    return true
                }
            } else if instruction.isCall {
                return false
            }
            before = instruction.previous
        }
        return false
    }

    private func lower(barrier call: IRInstruction) {
        let next = call.block
        let head = builder.divide(before: call)
        let remember = builder.addBlock("remember", after: head)
        builder.position(before: call)
        builder.position(atEndOf: head)
        let mark = builder.load(types.i8, from: mark(of: call.operand(0)), alignment: 1)
        let isLogged = builder.icmp(
            .eq, builder.and(mark, markConstant(SMELT_MARK_UNLOGGED)), types.i8.zero)
        metadata.setSecondRare(builder.conditionalBranch(isLogged, next, remember))
        builder.position(atEndOf: remember)
        builder.move(call, toEndOf: remember)
        builder.branch(to: next)
    }
}

extension IRInstruction {
    fileprivate var isNewObject: Bool { calledFunction?.value.name == "smelt_object_new" }
}

extension Pass {
    /// Replaces what makes objects, and write barriers, by their machine code.
    public static let objectCode = module("object-code") { module, context in
        let isSmall = context.level == .none || context.level == .size
        ObjectCode.expand(in: module, isSmall: isSmall)
    }
}
