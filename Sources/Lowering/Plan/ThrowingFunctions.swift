// Which functions an exception may leave: those that throw, and those that call one of these. Found
// over the whole module, before it is divided into units, which see no more than their own functions.
//
// All others are `nounwind`: their calls need no landing pads, and no unwind tables for exceptions. A
// catch is not taken for the end of an exception here; what is behind it may not be for this one.

internal import WasmBinary
internal import WasmTypes
internal import WasmValidation

/// The functions of a module that an exception may leave.
struct ThrowingFunctions: Sendable {
    /// Whether anything in the program may throw.
    let isEmpty: Bool
    /// By function index; empty if it is the same for all of them.
    private let functions: [Bool]
    /// The type numbers of what throws and may be called by reference; nil for all types.
    private let types: Set<UInt32>?

    /// No function throws.
    init() {
        isEmpty = true
        functions = []
        types = []
    }

    /// - Parameters:
    ///   - typeNumbers: by type index.
    ///   - isOpen: whether functions of other modules can be called, which may throw.
    init(of validated: ValidatedModule, typeNumbers: [UInt32], isOpen: Bool) throws(ModuleError) {
        let module = validated.module
        guard isOpen || !module.tags.isEmpty else {
            (isEmpty, functions, types) = (true, [], [])
            return
        }
        var search = Search(validated, typeNumbers: typeNumbers, isOpen: isOpen)
        for (index, body) in module.bodies.enumerated() {
            try search.read(body, of: FunctionIndex(module.importedFunctionCount + index))
        }
        search.spread()
        isEmpty = !search.functions.contains(true)
        functions = search.functions
        types = isOpen ? nil : search.types
    }

    func contains(_ function: FunctionIndex) -> Bool {
        !functions.isEmpty && functions[Int(function)]
    }

    /// Whether a function that is called by reference, as one of this type, may throw.
    func containsFunction(ofType number: UInt32) -> Bool {
        types?.contains(number) ?? true
    }
}

/// Follows calls backwards, from what throws to its callers.
private struct Search {
    private let validated: ValidatedModule
    private let typeNumbers: [UInt32]
    private let isOpen: Bool
    private(set) var functions: [Bool]
    private(set) var types: Set<UInt32> = []
    /// The callers of each function, and of what is called as a function of a type.
    private var callers: [[FunctionIndex]]
    private var callersOfTypes: [UInt32: [FunctionIndex]] = [:]
    /// What is known to throw, and whose callers have not been looked at.
    private var pending: [FunctionIndex] = []

    private var module: Module { validated.module }

    init(_ validated: ValidatedModule, typeNumbers: [UInt32], isOpen: Bool) {
        self.validated = validated
        self.typeNumbers = typeNumbers
        self.isOpen = isOpen
        functions = Array(repeating: false, count: validated.module.functions.count)
        callers = Array(repeating: [], count: validated.module.functions.count)
        // Functions of the runtime throw nothing.
        if isOpen {
            for index in 0..<validated.module.importedFunctionCount { add(FunctionIndex(index)) }
        }
    }

    mutating func read(_ body: FunctionBody, of function: FunctionIndex) throws(ModuleError) {
        var reader = InstructionReader(bytes: module.bytes, range: body.code)
        while !reader.isAtEnd {
            switch try reader.next().instruction {
            case .throw, .throwReference, .rethrow: add(function)
            case .call(let callee), .returnCall(let callee):
                if callers[Int(callee)].last != function { callers[Int(callee)].append(function) }
            case .callIndirect(let type, _), .returnCallIndirect(let type, _),
                .callReference(let type), .returnCallReference(let type):
                if isOpen {
                    add(function)
                } else {
                    note(function, callsType: typeNumbers[Int(type)])
                }
            default: continue
            }
        }
    }

    private mutating func note(_ function: FunctionIndex, callsType number: UInt32) {
        let known = callersOfTypes[number, default: []]
        if known.last != function { callersOfTypes[number, default: []].append(function) }
    }

    private mutating func add(_ function: FunctionIndex) {
        guard !functions[Int(function)] else { return }
        functions[Int(function)] = true
        pending.append(function)
    }

    mutating func spread() {
        while let function = pending.popLast() {
            for caller in callers[Int(function)] { add(caller) }
            guard !isOpen, validated.declaredFunctions[Int(function)] else { continue }
            // It may be called as a function of its own type, and of each that this is a subtype of.
            var next: TypeIndex? = module.functions[Int(function)]
            while let type = next, types.insert(typeNumbers[Int(type)]).inserted {
                for caller in callersOfTypes[typeNumbers[Int(type)]] ?? [] { add(caller) }
                next = module.types[Int(type)].supertypes.first
            }
        }
    }
}
