// Exceptions (section 4.4.8), in both encodings.
//
// A call in a try is LLVM's `invoke`. Its landing pads take all exceptions: which of them a try is for
// is compared here, because the tags of imports are not known before the program runs, and what is
// for nobody here goes on to the next try outside, or to the caller. A throw whose handler is in the
// same function is a branch, and where the tag says which clause it is for, not even an exception is
// made.
//
// sandbox: rests on an exception having as many bytes of arguments as its tag's type says; only
// `ExceptionLayout` computes places in it, and they are read behind a comparison of the tag.

internal import LLVMKit
internal import RuntimeABI
internal import WasmBinary
internal import WasmTypes

extension FunctionLowering {
    private func parameters(of tag: TagIndex) -> [ValueType] {
        let type = unit.module.tags[Int(tag)].type
        return unit.module.types[Int(type)].functionType!.parameters
    }

    // Throwing -------------------------------------------------------------------------------

    mutating func lowerThrow(_ tag: TagIndex) {
        let arguments = stack.pop(parameters(of: tag).count)
        var clausesLeft = Self.clausesLookedAt
        for position in handlers.reversed() {
            switch clause(for: tag, at: position, &clausesLeft) {
            case .one(let clause):
                branch(to: clause, at: position, tag, arguments)
                return
            case .none: continue
            case .unknown:
                raise(makeException(tag, arguments), at: position)
                return
            }
        }
        raise(makeException(tag, arguments), at: nil)
    }

    /// A throw that has to look at more clauses than this goes through the handlers one by one, as calls
    /// do: their comparisons exist once, however many throws there are.
    private static let clausesLookedAt = 16

    mutating func lowerThrowReference() {
        let exception = stack.pop()
        if pads[exception] == nil {
            trap(.nullReference, if: builder.icmp(.eq, exception, types.pointer.zero))
        }
        raise(exception, at: handlers.last)
    }

    mutating func lowerRethrow(_ label: LabelIndex) {
        guard case .catch(let exception) = control[control.count - 1 - Int(label)].kind else {
            preconditionFailure("validation finds a catch at every label of rethrow")
        }
        raise(exception, at: handlers.last)
    }

    private func makeException(_ tag: TagIndex, _ arguments: [IRValue]) -> IRValue {
        let layout = ExceptionLayout(parameters(of: tag))
        let exception = builder.call(
            unit.runtimeFunction(SMELT_RUNTIME_exception_new),
            [instance.tag(tag), types.i64.constant(layout.size)])
        for (index, type) in parameters(of: tag).enumerated() {
            builder.store(
                arguments[index], to: address(of: layout.offsets[index], in: exception),
                alignment: type.storageSize)
        }
        return exception
    }

    private func address(of argument: Int, in exception: IRValue) -> IRValue {
        builder.byteOffset(
            exception, types.i64.constant(RuntimeLayouts.exceptionArguments + argument))
    }

    /// Goes on with an exception at the handler there, or leaves the function.
    private mutating func raise(_ exception: IRValue, at position: Int?) {
        isReachable = false
        guard let position else {
            // LLVM makes a branch of it when it inlines the function into a try.
            if let pad = pads[exception] {
                builder.resume(pad)
            } else {
                _ = builder.call(unit.runtimeFunction(SMELT_RUNTIME_throw), [exception])
                builder.unreachable()
            }
            return
        }
        let entry =
            control[position].handler!.entry ?? builder.addBlock("thrown", to: function)
        let locals = control[position].assigned.map { self.locals[$0] }
        control[position].handler!.addEntryEdge(
            from: builder.insertionBlock, exception: exception, locals: locals, to: entry)
        builder.branch(to: entry)
    }

    // Clauses that are known for a throw -----------------------------------------------------------

    private enum Match {
        case one(CatchClause), none, unknown
    }

    /// Which clause of a handler an exception of a tag is for, as far as the module says.
    ///
    /// - Parameter left: how many clauses may still be looked at.
    private func clause(for tag: TagIndex, at position: Int, _ left: inout Int) -> Match {
        guard case .tryTable(let clauses) = control[position].kind else { return .unknown }
        for clause in InstructionReader.clauses(of: clauses, in: unit.module.bytes) {
            left -= 1
            if left < 0 { return .unknown }
            switch clause {
            case .all, .allReference: return .one(clause)
            case .one(let other, _), .oneReference(let other, _):
                if other == tag { return .one(clause) }
                if mayBeSame(tag, other) { return .unknown }
            }
        }
        return .none
    }

    /// Whether two tags may be one: imports may be of the same.
    private func mayBeSame(_ tag: TagIndex, _ other: TagIndex) -> Bool {
        let imported = unit.module.importedTagCount
        return Int(tag) < imported && Int(other) < imported
    }

    /// Branches to the label of a clause of the handler there.
    private mutating func branch(
        to clause: CatchClause, at position: Int, _ tag: TagIndex, _ arguments: [IRValue]
    ) {
        switch clause {
        case .one: stack.push(arguments)
        case .oneReference:
            stack.push(arguments)
            stack.push(makeException(tag, arguments))
        case .all: break
        case .allReference: stack.push(makeException(tag, arguments))
        }
        // Clauses count labels from outside of their try_table.
        lowerBranch(LabelIndex(control.count - position) + clause.label)
    }

    // Calls ----------------------------------------------------------------------------------

    /// Calls compiled code in a try, and goes on behind the call.
    mutating func invoke(
        _ code: IRValue, _ type: IRType, _ arguments: [IRValue], handler position: Int
    ) -> IRValue {
        let pad = control[position].handler!.landingPad ?? makeLandingPad()
        let locals = control[position].assigned.map { self.locals[$0] }
        control[position].handler!.addUnwindEdge(
            from: builder.insertionBlock, locals: locals, to: pad)
        let next = builder.addBlock("", to: function)
        let result = builder.invoke(
            code, type: type, convention: unit.plan.convention, arguments, then: next, unwind: pad)
        builder.position(atEndOf: next)
        return result
    }

    private func makeLandingPad() -> BasicBlock {
        function.setPersonality(unit.personality)
        return builder.addBlock("pad", to: function)
    }

    // Tries ----------------------------------------------------------------------------------

    mutating func lowerTryTable(_ type: BlockType, _ clauses: CatchClauses) {
        open(.tryTable(clauses), type)
        // One without clauses is a block.
        if clauses.count > 0 { beginBody() }
    }

    mutating func lowerTry(_ type: BlockType) {
        open(.try, type)
        beginBody()
    }

    private mutating func beginBody() {
        control[control.count - 1].handler = ExceptionHandler()
        handlers.append(control.count - 1)
    }

    /// Ends a try, if that is what a frame is, in front of what follows it. The frame is no longer among
    /// the open ones.
    mutating func endTry(_ frame: inout ControlFrame) {
        guard frame.handler != nil else { return }
        switch frame.kind {
        case .tryTable(let clauses):
            guard let exception = beginHandlers(of: &frame) else { return }
            for clause in InstructionReader.clauses(of: clauses, in: unit.module.bytes) {
                lower(clause, exception, height: frame.height)
                if !isReachable { return }
            }
            raise(exception, at: handlers.last)
        case .try:
            if let exception = beginHandlers(of: &frame) {
                raise(exception, at: handlers.last)
            }
        case .catch:
            if isReachable { branchToContinuation(of: &frame) }
            isReachable = false
            if beginRest(of: frame) {
                raise(frame.handler!.rest!.exception, at: handlers.last)
            }
        case .function, .block, .loop, .conditional: break
        }
    }

    /// Ends the body of a try, and begins where the exceptions that leave it are handled, if there can
    /// be any.
    ///
    /// - Returns: the exception.
    private mutating func beginHandlers(of frame: inout ControlFrame) -> IRValue? {
        handlers.removeLast()
        let handler = frame.handler!
        guard handler.isUsed else { return nil }
        if isReachable { branchToContinuation(of: &frame) }
        isReachable = true
        var edges = handler.entryEdges
        if let pad = handler.landingPad {
            builder.moveToEnd(pad, of: function)
            builder.position(atEndOf: pad)
            let locals = merge(handler.unwindEdges)
            let caught = builder.landingPad()
            let exception = builder.extractValue(caught, 0)
            pads[exception] = caught
            guard let entry = handler.entry else {
                assume(locals, arity: 0, of: frame)
                return exception
            }
            edges.append((builder.insertionBlock, [exception] + locals))
            builder.branch(to: entry)
        }
        builder.moveToEnd(handler.entry!, of: function)
        builder.position(atEndOf: handler.entry!)
        let values = merge(edges)
        assume(Array(values.dropFirst()), arity: 0, of: frame)
        return values[0]
    }

    /// Branches to the label of a clause if an exception is for it, and goes on where it is not.
    private mutating func lower(_ clause: CatchClause, _ exception: IRValue, height: Int) {
        switch clause {
        case .one(let tag, let label):
            let other = beginClause(tag, exception)
            stack.push(loadArguments(of: tag, exception))
            lowerBranch(label)
            endClause(other, height: height)
        case .oneReference(let tag, let label):
            let other = beginClause(tag, exception)
            stack.push(loadArguments(of: tag, exception))
            stack.push(exception)
            lowerBranch(label)
            endClause(other, height: height)
        case .all(let label): lowerBranch(label)
        case .allReference(let label):
            stack.push(exception)
            lowerBranch(label)
        }
    }

    /// Compares the tag of an exception, and goes on where it is this one.
    ///
    /// - Returns: where it is another.
    private func beginClause(_ tag: TagIndex, _ exception: IRValue) -> BasicBlock {
        let found = loadField(types.pointer, of: exception, at: RuntimeLayouts.exceptionTag)
        let matching = builder.addBlock("catch", to: function)
        let other = builder.addBlock("other", to: function)
        builder.branch(
            if: builder.icmp(.eq, found, instance.tag(tag)), then: matching, else: other)
        builder.position(atEndOf: matching)
        return other
    }

    private mutating func endClause(_ other: BasicBlock, height: Int) {
        builder.moveToEnd(other, of: function)
        builder.position(atEndOf: other)
        stack.truncate(to: height)
        isReachable = true
    }

    private func loadArguments(of tag: TagIndex, _ exception: IRValue) -> [IRValue] {
        let types = parameters(of: tag)
        return zip(types, ExceptionLayout(types).offsets).map { type, offset in
            builder.load(
                unit.lower(type), from: address(of: offset, in: exception),
                alignment: type.storageSize)
        }
    }

    // The older encoding -------------------------------------------------------------------------

    /// Ends the body of a try or its last handler, and begins the next one.
    ///
    /// - Parameter tag: nil for catch_all.
    mutating func lowerCatch(_ tag: TagIndex?) {
        var frame = control.removeLast()
        if isReachable { branchToContinuation(of: &frame) }
        isReachable = false
        if case .catch = frame.kind {
            isReachable = beginRest(of: frame)
        } else if let exception = beginHandlers(of: &frame) {
            let locals = frame.assigned.map { self.locals[$0] }
            frame.handler!.rest = (builder.insertionBlock, exception, locals)
        }
        defer { control.append(frame) }
        guard isReachable, let rest = frame.handler!.rest else {
            // What is thrown never gets here, and the kind has to say that there was a handler.
            frame.kind = .catch(types.pointer.poison)
            stack.truncate(to: frame.height)
            return
        }
        frame.kind = .catch(rest.exception)
        frame.handler!.rest = nil
        guard let tag else { return }
        let other = beginClause(tag, rest.exception)
        frame.handler!.rest = (other, rest.exception, rest.locals)
        stack.push(loadArguments(of: tag, rest.exception))
    }

    /// Goes on where an exception is that none of a frame's handlers was for; false if there is none.
    private mutating func beginRest(of frame: ControlFrame) -> Bool {
        guard let rest = frame.handler!.rest else { return false }
        builder.moveToEnd(rest.block, of: function)
        builder.position(atEndOf: rest.block)
        assume(rest.locals, arity: 0, of: frame)
        return true
    }

    /// The innermost of the handlers that are open at a label, or around it.
    private func handler(atOrOutside position: Int) -> Int? {
        var (low, high) = (0, handlers.count)
        while low < high {
            let middle = (low + high) / 2
            if handlers[middle] <= position { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? nil : handlers[low - 1]
    }

    /// Ends a try whose exceptions are handled as if they were thrown at a label outside.
    mutating func lowerDelegate(_ label: LabelIndex) {
        var frame = control.removeLast()
        if let exception = beginHandlers(of: &frame) {
            let target = control.count - 1 - Int(label)
            raise(exception, at: handler(atOrOutside: target))
        }
        frame.handler = nil
        frame.kind = .block
        end(&frame)
    }
}
