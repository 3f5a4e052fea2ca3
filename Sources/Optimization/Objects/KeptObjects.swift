// Objects that only an address next to them refers to.
//
// The collector looks for addresses in objects, in registers and on the stack. An element's address may
// be computed long before it is accessed, and in parts: `a[i - 1000]` at `(a + 8 * i) - 8000`, of which
// only the first part is kept while other code is called, which lies behind the array. So for each
// call it is said here, to the end of code generation, which arrays are accessed behind it: they
// are in a register or on the stack until then.
//
// Fields need none of it: the parts of their addresses are an object and constants that lead to the field.
//
// sandbox: rests on accesses not being moved in front of a call, nor behind one, by the code generator,
// and on `llvm.fake.use` keeping a value until there.

internal import LLVMKit

/// Keeps objects over calls.
struct KeptObjects {
    let builder: IRBuilder

    func run(on function: IRFunction) {
        let graph = ControlFlow(function)
        let calls = graph.blocks.filter { block in
            block.instructions.contains(where: \.mayCollect)
        }
        if calls.isEmpty { return }
        let bases = ObjectBases(graph.blocks, builder: builder)
        if bases.isEmpty { return }
        let needs = ObjectNeeds(graph, bases)
        for block in calls { mark(block, needs) }
        bases.clean()
    }

    /// Says behind each call of a block what is needed there.
    private func mark(_ block: BasicBlock, _ needs: ObjectNeeds) {
        needs.visit(block) { call, needed in
            if let next = call.next {
                use(needed, before: next)
            } else {
                for successor in Set(block.successors) {
                    use(needs.objects(before: successor), before: successor.firstBehindPhis)
                }
            }
        }
    }

    private func use(_ objects: [IRValue], before instruction: IRInstruction) {
        builder.position(before: instruction)
        for object in objects { _ = builder.intrinsic("llvm.fake.use", [object]) }
    }
}

extension IRInstruction {
    /// Whether anything may be collected while this is executed.
    fileprivate var mayCollect: Bool {
        isCall && !isInlineAssembly && calledFunction?.value.name != "smelt_write_barrier"
    }
}

/// Which objects are accessed by an index behind any place of a function.
private struct ObjectNeeds {
    private let graph: ControlFlow
    private let bases: ObjectBases
    /// The objects that are accessed by an index, numbered.
    private var numbers: [IRValue: Int] = [:]
    private var objects: [IRValue] = []
    /// By block, what is needed before its first instruction, and behind its last one.
    private var before: [BasicBlock: Numbers] = [:]
    private var behind: [BasicBlock: Numbers] = [:]

    init(_ graph: ControlFlow, _ bases: ObjectBases) {
        self.graph = graph
        self.bases = bases
        number()
        if !objects.isEmpty { spread() }
    }

    /// What is needed before the first instruction of a block.
    func objects(before block: BasicBlock) -> [IRValue] {
        before[block].map { $0.elements.map { objects[$0] } } ?? []
    }

    /// Shows the calls in a block, the last one first, and what is needed behind each.
    func visit(_ block: BasicBlock, _ look: (IRInstruction, [IRValue]) -> Void) {
        guard var needed = behind[block] else { return }
        for instruction in block.instructions.reversed() {
            if instruction.mayCollect { look(instruction, needed.elements.map { objects[$0] }) }
            step(over: instruction, &needed)
        }
    }

    /// The objects that an instruction accesses by an index.
    private func accessed(by instruction: IRInstruction) -> [IRValue] {
        switch instruction.opcode {
        case .getelementptr, .phi, .select, .freeze, .icmp, .pointerToInteger: []
        default: instruction.operands.compactMap(bases.object)
        }
    }

    private mutating func number() {
        for block in graph.blocks {
            for instruction in block.instructions {
                for object in accessed(by: instruction) { add(object) }
            }
        }
        // What meets in one of them is needed where it does.
        var next = 0
        while next < objects.count {
            for part in bases.parts(of: objects[next]) where bases.isObject(part.value) {
                add(part.value)
            }
            next += 1
        }
    }

    private mutating func add(_ object: IRValue) {
        guard numbers[object] == nil else { return }
        numbers[object] = objects.count
        objects.append(object)
    }

    /// Follows needs backwards until there are no more.
    private mutating func spread() {
        var pending = graph.blocks
        var isPending = Set(pending)
        while let block = pending.popLast() {
            isPending.remove(block)
            var needed = Numbers(count: objects.count)
            for successor in block.successors { needed.formUnion(need(of: successor, from: block)) }
            behind[block] = needed
            for instruction in block.instructions.reversed() { step(over: instruction, &needed) }
            if before[block] == needed { continue }
            before[block] = needed
            for predecessor in graph.predecessors[block, default: []]
            where graph.positions[predecessor] != nil && isPending.insert(predecessor).inserted {
                pending.append(predecessor)
            }
        }
    }

    /// What is needed at the end of a block for a successor.
    private func need(of successor: BasicBlock, from block: BasicBlock) -> Numbers {
        guard var needed = before[successor] else { return Numbers(count: objects.count) }
        for phi in successor.phis {
            guard let number = numbers[phi.value], needed.contains(number) else { continue }
            needed.remove(number)
            let part = bases.parts(of: phi.value).first { $0.block == block }
            if let part, let other = numbers[part.value] { needed.insert(other) }
        }
        return needed
    }

    private func step(over instruction: IRInstruction, _ needed: inout Numbers) {
        // Phis are what `need` looks at.
        if instruction.opcode != .phi, let number = numbers[instruction.value],
            needed.remove(number)
        {
            for part in bases.parts(of: instruction.value) {
                if let other = numbers[part.value] { needed.insert(other) }
            }
        }
        for object in accessed(by: instruction) { needed.insert(numbers[object]!) }
    }
}

/// A set of small numbers.
private struct Numbers: Equatable {
    private var words: [UInt64]

    init(count: Int) { words = Array(repeating: 0, count: (count + 63) / 64) }

    func contains(_ number: Int) -> Bool { words[number / 64] >> UInt64(number % 64) & 1 != 0 }

    mutating func insert(_ number: Int) { words[number / 64] |= 1 << UInt64(number % 64) }

    /// Returns whether it was there.
    @discardableResult
    mutating func remove(_ number: Int) -> Bool {
        defer { words[number / 64] &= ~(1 << UInt64(number % 64)) }
        return contains(number)
    }

    mutating func formUnion(_ other: Numbers) {
        for index in words.indices { words[index] |= other.words[index] }
    }

    var elements: [Int] {
        words.indices.flatMap { word in
            words[word] == 0 ? [] : (64 * word..<64 * word + 64).filter(contains)
        }
    }
}

extension Pass {
    /// Keeps arrays over calls that are accessed behind them.
    public static let keptObjects = functions("kept-objects", when: \.hasObjects) { module, _ in
        KeptObjects(builder: module.builder).run
    }
}
