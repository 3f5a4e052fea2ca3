// Structured control: blocks, loops, conditionals and branches (section 4.4.8).

internal import LLVMKit
internal import TargetModel
internal import WasmBinary
internal import WasmTypes

extension FunctionLowering {
    // Beginnings -----------------------------------------------------------------------------

    /// Opens a frame. Its parameters stay on the operand stack.
    mutating func open(_ kind: ControlFrame.Kind, _ blockType: BlockType) {
        let type = functionType(of: blockType)
        control.append(
            ControlFrame(
                kind: kind, parameterTypes: type.parameters, resultTypes: type.results,
                height: stack.count - type.parameters.count, assigned: nextAssignedLocals()))
    }

    private func functionType(of blockType: BlockType) -> FunctionType {
        switch blockType {
        case .empty: FunctionType()
        case .value(let type): FunctionType(results: [type])
        case .function(let index): unit.module.types[Int(index)].functionType!
        }
    }

    mutating func lowerBlock(_ type: BlockType) {
        open(.block, type)
    }

    /// The header gets a phi for every parameter and every local that the body assigns.
    mutating func lowerLoop(_ type: BlockType) {
        let isSimple = loops.simple.contains(nextOrdinal)
        if isSimple { checkFuel() }
        open(.block, type)
        let frame = control[control.count - 1]
        let header = builder.addBlock("loop", to: function)
        let entry = builder.insertionBlock
        builder.branch(to: header)
        builder.position(atEndOf: header)
        let incoming = carriedValues(of: frame, arity: frame.parameterTypes.count)
        let phis = incoming.map { value in
            let phi = builder.phi(value.type)
            phi.addIncoming(value, from: entry)
            return phi
        }
        assume(phis, arity: frame.parameterTypes.count, of: frame)
        control[control.count - 1].kind = .loop(header: header, phis: phis)
        if !isSimple { checkFuel() }
    }

    mutating func lowerIf(_ type: BlockType) {
        let condition = popCondition()
        let then = builder.addBlock("then", to: function)
        let other = builder.addBlock("else", to: function)
        open(.conditional(else: other), type)
        let frame = control[control.count - 1]
        control[control.count - 1].entryValues =
            carriedValues(of: frame, arity: frame.parameterTypes.count)
        builder.branch(if: condition, then: then, else: other)
        builder.position(atEndOf: then)
    }

    // Ends -----------------------------------------------------------------------------------

    mutating func lowerElse() {
        var frame = control.removeLast()
        guard case .conditional(let other) = frame.kind else {
            preconditionFailure("validation pairs every else with an if")
        }
        if isReachable { branchToContinuation(of: &frame) }
        frame.kind = .block
        beginElse(other, of: frame)
        control.append(frame)
    }

    /// Goes on where an if's condition is false, with what was there at the if.
    private mutating func beginElse(_ block: BasicBlock, of frame: ControlFrame) {
        builder.moveToEnd(block, of: function)
        builder.position(atEndOf: block)
        assume(frame.entryValues, arity: frame.parameterTypes.count, of: frame)
        isReachable = true
    }

    mutating func lowerEnd() {
        var frame = control.removeLast()
        if case .conditional(let other) = frame.kind {
            if isReachable { branchToContinuation(of: &frame) }
            beginElse(other, of: frame)
        }
        endTry(&frame)
        end(&frame)
    }

    /// Goes on behind a frame that is no longer among the open ones.
    mutating func end(_ frame: inout ControlFrame) {
        if frame.edges.isEmpty {
            // Nobody branches here: what was reachable goes on in the same block.
            if isReachable {
                let results = stack.pop(frame.resultTypes.count)
                stack.truncate(to: frame.height)
                stack.push(results)
            } else {
                stack.truncate(to: frame.height)
            }
        } else {
            if isReachable { branchToContinuation(of: &frame) }
            join(frame)
        }
        if case .function = frame.kind, isReachable { lowerReturn() }
    }

    /// Continues behind a frame, with phis for what differs between its edges.
    mutating func join(_ frame: ControlFrame) {
        let block = frame.continuation!
        builder.moveToEnd(block, of: function)
        builder.position(atEndOf: block)
        assume(merge(frame.edges), arity: frame.resultTypes.count, of: frame)
        isReachable = true
    }

    /// What the values of edges are where these meet, which is where the builder stands: phis where
    /// they differ.
    func merge(_ edges: [ControlFrame.Edge]) -> [IRValue] {
        let first = edges[0].values
        return first.indices.map { slot in
            if edges.allSatisfy({ $0.values[slot] == first[slot] }) { return first[slot] }
            let phi = builder.phi(first[slot].type)
            for edge in edges { phi.addIncoming(edge.values[slot], from: edge.block) }
            return phi
        }
    }

    /// Returns the topmost operands from the function.
    mutating func lowerReturn() {
        storeFuel()
        let results = stack.pop(type.results.count)
        if signature.usesResultArea {
            signature.store(results, to: signature.resultArea(of: function), in: unit)
        }
        switch results.count {
        case _ where signature.usesResultArea: builder.returnVoid()
        case 0: builder.returnVoid()
        case 1: builder.return(results[0])
        default: builder.return(makeStructure(results))
        }
    }

    private func makeStructure(_ values: [IRValue]) -> IRValue {
        var structure = signature.results.poison
        for (index, value) in values.enumerated() {
            structure = builder.insertValue(structure, value, index)
        }
        return structure
    }

    // Edges ----------------------------------------------------------------------------------

    /// What an edge carries: the topmost operands and the locals that the frame's body assigns.
    func carriedValues(of frame: ControlFrame, arity: Int) -> [IRValue] {
        stack.top(arity) + frame.assigned.map { locals[$0] }
    }

    /// The other side of `carriedValues`: makes the operands and locals these.
    mutating func assume(_ values: [IRValue], arity: Int, of frame: ControlFrame) {
        stack.truncate(to: frame.height)
        stack.push(values.prefix(arity))
        for (local, value) in zip(frame.assigned, values.dropFirst(arity)) {
            locals[local] = value
        }
    }

    func branchToContinuation(of frame: inout ControlFrame) {
        builder.branch(to: addContinuationEdge(to: &frame))
    }

    /// Notes that control goes from here to the end of a frame; the caller makes it go there.
    private func addContinuationEdge(to frame: inout ControlFrame) -> BasicBlock {
        let block = frame.continuation ?? builder.addBlock("end", to: function)
        frame.continuation = block
        frame.addEdge(
            from: builder.insertionBlock,
            values: carriedValues(of: frame, arity: frame.resultTypes.count))
        return block
    }

    /// Notes that control goes from here to a label, and returns the label's block.
    mutating func addEdge(to label: LabelIndex) -> BasicBlock {
        let position = control.count - 1 - Int(label)
        var frame = control[position]
        guard case .loop(let header, let phis) = frame.kind else {
            // Taken out while it changes, so that its list of edges is not copied.
            control[position].discardEdges()
            defer { control[position] = frame }
            return addContinuationEdge(to: &frame)
        }
        let values = carriedValues(of: frame, arity: frame.parameterTypes.count)
        for (phi, value) in zip(phis, values) {
            phi.addIncoming(value, from: builder.insertionBlock)
        }
        return header
    }

    // Branches -------------------------------------------------------------------------------

    mutating func lowerBranch(_ label: LabelIndex) {
        builder.branch(to: addEdge(to: label))
        isReachable = false
    }

    mutating func lowerBranchIf(_ label: LabelIndex) {
        branch(to: label, if: popCondition())
    }

    /// Branches to a label if a condition holds, and goes on in a new block if not.
    mutating func branch(to label: LabelIndex, if condition: IRValue) {
        let target = addEdge(to: label)
        let next = builder.addBlock("", to: function)
        builder.branch(if: condition, then: target, else: next)
        builder.position(atEndOf: next)
    }

    mutating func lowerBranchOnNull(_ label: LabelIndex) {
        let reference = stack.pop()
        branch(to: label, if: builder.icmp(.eq, reference, types.pointer.zero))
        stack.push(reference)
    }

    /// The branch takes the reference along.
    mutating func lowerBranchOnNonNull(_ label: LabelIndex) {
        branch(to: label, if: builder.icmp(.ne, stack.top(1).last!, types.pointer.zero))
        _ = stack.pop()
    }

    /// A switch. A label that several cases name gets a block of its own to branch from, so that
    /// phis have one entry per predecessor.
    mutating func lowerBranchTable(_ table: BranchTable) {
        let selector = stack.pop()
        let labels = Array(InstructionReader.labels(of: table, in: unit.module.bytes))
        let origin = builder.insertionBlock
        var trampolines: [LabelIndex: BasicBlock] = [:]
        for label in labels where trampolines[label] == nil {
            let trampoline = builder.addBlock("case", to: function)
            builder.position(atEndOf: trampoline)
            builder.branch(to: addEdge(to: label))
            trampolines[label] = trampoline
        }
        builder.position(atEndOf: origin)
        builder.switch(
            selector, cases: labels.dropLast().map { trampolines[$0]! },
            default: trampolines[labels.last!]!)
        isReachable = false
    }

    mutating func lowerSelect() {
        let condition = popCondition()
        let other = stack.pop()
        let then = stack.pop()
        stack.push(select(condition, then, other))
    }

    /// Processors without a conditional move of a type get a branch for it, which the code generator makes
    /// by moving the rest of the block. Without optimisation, where blocks may have any length,
    /// numbers of the same size are chosen instead.
    private func select(_ condition: IRValue, _ then: IRValue, _ other: IRValue) -> IRValue {
        let type = then.type
        guard unit.level == .none, type.isVector || type.isFloat, let size = type.storeByteCount
        else { return builder.select(condition, then, other) }
        let number = types.integer(bits: 8 * Int(size))
        let chosen = builder.select(
            condition, builder.bitcast(then, to: number), builder.bitcast(other, to: number))
        return builder.bitcast(chosen, to: type)
    }
}
