// An instruction as the text format writes it, for messages: `i32.store offset=8`.

public import WasmTypes

/// What the immediates of instructions refer to.
public struct InstructionText: Sendable {
    private let bytes: [UInt8]
    private let names: NameSection
    private let function: FunctionIndex?

    /// - Parameters:
    ///   - bytes: The module that the instructions were read from.
    ///   - names: Names to show instead of indices.
    ///   - function: The function whose locals the instructions name.
    public init(bytes: [UInt8], names: NameSection = NameSection(), function: FunctionIndex? = nil)
    {
        self.bytes = bytes
        self.names = names
        self.function = function
    }

    /// The instruction's name and its immediates. Long lists are cut short.
    public func text(of decoded: DecodedInstruction) -> String {
        ([decoded.opcode.name] + immediates(of: decoded)).joined(separator: " ")
    }

    /// How many elements of a list are shown.
    private static let listLimit = 8

    private func immediates(of decoded: DecodedInstruction) -> [String] {
        switch decoded.instruction {
        case .unreachable, .nop, .else, .end, .return, .throwReference, .catchAll, .drop, .select,
            .integerUnary, .integerBinary, .integerTestZero, .integerCompare, .floatUnary,
            .floatBinary, .floatCompare, .convert, .wideArithmetic, .refIsNull, .refAsNonNull,
            .refEqual:
            []
        case .block(let type), .loop(let type), .if(let type), .try(let type): block(type)
        case .tryTable(let type, let clauses): block(type) + catches(clauses)
        case .branch(let label), .branchIf(let label), .branchOnNull(let label),
            .branchOnNonNull(let label), .rethrow(let label), .delegate(let label):
            ["\(label)"]
        case .branchTable(let table):
            list(InstructionReader.labels(of: table, in: bytes).lazy.map { "\($0)" })
        case .branchOnCast(let branch), .branchOnCastFail(let branch):
            ["\(branch.label)", "\(branch.source)", "\(branch.target)"]
        case .call(let index), .returnCall(let index), .refFunction(let index): [name(of: index)]
        case .callIndirect(let type, let table), .returnCallIndirect(let type, let table):
            optional(table) + ["(type \(type))"]
        case .callReference(let index), .returnCallReference(let index): ["\(index)"]
        case .throw(let index), .catch(let index): ["\(index)"]
        case .selectTyped(let type): ["(result \(type))"]
        case .localGet(let index), .localSet(let index), .localTee(let index):
            [local(index)]
        case .globalGet(let index), .globalSet(let index):
            [names.globals[index].map(Self.identifier) ?? "\(index)"]
        case .tableGet(let index), .tableSet(let index), .tableSize(let index),
            .tableGrow(let index), .tableFill(let index), .elementDrop(let index),
            .dataDrop(let index):
            ["\(index)"]
        case .tableCopy(let destination, let source): ["\(destination)", "\(source)"]
        case .tableInit(let segment, let table): optional(table) + ["\(segment)"]
        case .load(_, let argument), .store(_, let argument):
            memory(argument, decoded.opcode)
        case .memorySize(let index), .memoryGrow(let index), .memoryFill(let index):
            optional(index)
        case .memoryCopy(let destination, let source):
            destination == 0 && source == 0 ? [] : ["\(destination)", "\(source)"]
        case .memoryInit(let segment, let memory): optional(memory) + ["\(segment)"]
        case .atomic(let instruction): immediates(of: instruction, decoded.opcode)
        case .i32Const(let value): ["\(value)"]
        case .i64Const(let value): ["\(value)"]
        case .f32Const(let bits): ["\(Float(bitPattern: bits))"]
        case .f64Const(let bits): ["\(Double(bitPattern: bits))"]
        case .vector(let instruction): immediates(of: instruction, decoded.opcode)
        case .refNull(let type): ["\(type)"]
        case .refTest(let type), .refCast(let type): ["\(type)"]
        case .aggregate(let instruction): immediates(of: instruction)
        }
    }

    private func immediates(of atomic: AtomicInstruction, _ opcode: Opcode) -> [String] {
        switch atomic {
        case .fence: []
        case .notify(let argument), .wait(_, let argument), .load(_, _, let argument),
            .store(_, _, let argument), .readModifyWrite(_, _, _, let argument),
            .compareExchange(_, _, let argument):
            memory(argument, opcode)
        }
    }

    private func immediates(of vector: VectorInstruction, _ opcode: Opcode) -> [String] {
        switch vector {
        case .constant(let bytes), .shuffle(let bytes):
            (opcode.name == "v128.const" ? ["i8x16"] : []) + (0..<16).map { "\(bytes[$0])" }
        case .load(let argument), .loadExtending(_, _, let argument), .loadSplat(_, let argument),
            .loadZero(_, let argument), .store(let argument):
            memory(argument, opcode)
        case .loadLane(_, let argument, let lane), .storeLane(_, let argument, let lane):
            memory(argument, opcode) + ["\(lane)"]
        case .extractLane(_, _, let lane), .replaceLane(_, let lane): ["\(lane)"]
        case .swizzle, .splat, .bitwiseNot, .bitwise, .bitSelect, .anyTrue, .allTrue, .bitMask,
            .integerUnary, .integerBinary, .integerShift, .integerCompare, .floatUnary,
            .floatBinary, .floatCompare, .narrow, .extend, .extendedMultiply, .extendedAddPairwise,
            .dotProduct, .convert, .relaxed:
            []
        }
    }

    private func immediates(of aggregate: AggregateInstruction) -> [String] {
        switch aggregate {
        case .structNew(let type), .structNewDefault(let type), .arrayNew(let type),
            .arrayNewDefault(let type), .arrayGet(_, let type), .arraySet(let type),
            .arrayFill(let type):
            ["\(type)"]
        case .structGet(_, let type, let field), .structSet(let type, let field):
            ["\(type)", "\(field)"]
        case .arrayNewFixed(let type, let count): ["\(type)", "\(count)"]
        case .arrayNewData(let type, let segment), .arrayNewElement(let type, let segment),
            .arrayInitData(let type, let segment), .arrayInitElement(let type, let segment):
            ["\(type)", "\(segment)"]
        case .arrayCopy(let destination, let source): ["\(destination)", "\(source)"]
        case .arrayLength, .anyConvertExternal, .externalConvertAny, .refI31, .i31Get: []
        }
    }
}

// What immediates look like -------------------------------------------------------------------

extension InstructionText {
    /// A name as the text format writes it, with what could not be seen written out.
    public static func identifier(_ name: String) -> String {
        "$" + name.printable
    }

    private func name(of function: FunctionIndex) -> String {
        names.functions[function].map(Self.identifier) ?? "\(function)"
    }

    private func local(_ index: LocalIndex) -> String {
        let name = function.flatMap { names.locals[$0]?[index] }
        return name.map(Self.identifier) ?? "\(index)"
    }

    /// An index that is left out when it is zero.
    private func optional(_ index: UInt32) -> [String] { index == 0 ? [] : ["\(index)"] }

    private func block(_ type: BlockType) -> [String] {
        switch type {
        case .empty: []
        case .value(let type): ["(result \(type))"]
        case .function(let index): ["(type \(index))"]
        }
    }

    private func catches(_ clauses: CatchClauses) -> [String] {
        list(
            InstructionReader.clauses(of: clauses, in: bytes).lazy.map { clause in
                switch clause {
                case .one(let tag, let label): "(catch \(tag) \(label))"
                case .oneReference(let tag, let label): "(catch_ref \(tag) \(label))"
                case .all(let label): "(catch_all \(label))"
                case .allReference(let label): "(catch_all_ref \(label))"
                }
            })
    }

    private func list(_ elements: some Sequence<String>) -> [String] {
        let shown = Array(elements.prefix(Self.listLimit + 1))
        return shown.count > Self.listLimit ? shown.dropLast() + ["..."] : shown
    }

    /// The offset, and the alignment where it is not the natural one.
    private func memory(_ argument: MemoryArgument, _ opcode: Opcode) -> [String] {
        var words = optional(argument.memory)
        if argument.offset != 0 { words.append("offset=\(argument.offset)") }
        if argument.alignmentLog2 != opcode.naturalAlignmentLog2 {
            // An alignment of 2 to the 32 or more is not valid, but has to be shown.
            words.append("align=\(UInt64(1) << UInt64(argument.alignmentLog2))")
        }
        return words
    }
}
