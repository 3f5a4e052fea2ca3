// A step on the way from lowered code to machine code: one of ours, or a sequence of LLVM's.

public import LLVMKit
public import TargetModel

/// A pass: a name, and what it does.
public struct Pass: Sendable {
    /// What one of our passes does with one function.
    typealias FunctionPass = (IRFunction) -> Void

    /// The types of passes.
    enum Work: Sendable {
        /// Passes of LLVM's, in the textual form of `opt -passes`, for the modules that need them.
        case llvm(String, isNeeded: @Sendable (borrowing IRModule) -> Bool)
        /// Looks at the whole module.
        case module(@Sendable (borrowing IRModule, PassContext) -> Void)
        /// Looks at one function at a time, at all that may be changed; nil where the module has
        /// nothing for the pass.
        case functions(@Sendable (borrowing IRModule, PassContext) -> FunctionPass?)
    }

    /// Unique among all passes.
    public let name: String
    let work: Work
    /// Whether code that is made like this has any use for the pass.
    let isUseful: @Sendable (PassContext) -> Bool

    private init(
        _ name: String, when isUseful: @escaping @Sendable (PassContext) -> Bool, _ work: Work
    ) {
        self.name = name
        self.isUseful = isUseful
        self.work = work
    }

    /// A sequence of LLVM's passes under a name of ours.
    static func llvm(
        _ name: String, _ passes: [String],
        if isNeeded: @escaping @Sendable (borrowing IRModule) -> Bool = { _ in true }
    ) -> Pass {
        Pass(
            name, when: { _ in true }, .llvm(passes.joined(separator: ","), isNeeded: isNeeded))
    }

    static func module(
        _ name: String, when isUseful: @escaping @Sendable (PassContext) -> Bool = { _ in true },
        _ run: @escaping @Sendable (borrowing IRModule, PassContext) -> Void
    ) -> Pass {
        Pass(name, when: isUseful, .module(run))
    }

    static func functions(
        _ name: String, when isUseful: @escaping @Sendable (PassContext) -> Bool = { _ in true },
        _ make: @escaping @Sendable (borrowing IRModule, PassContext) -> FunctionPass?
    ) -> Pass {
        Pass(name, when: isUseful, .functions(make))
    }

    /// Runs the pass, whether or not it is useful.
    public func run(
        on module: borrowing IRModule, for machine: borrowing TargetMachine, _ context: PassContext
    ) throws(LLVMError) {
        switch work {
        case .llvm(let passes, let isNeeded):
            if isNeeded(module) { try machine.run(passes: passes, on: module) }
        case .module(let run): run(module, context)
        case .functions(let make):
            guard let run = make(module, context) else { return }
            for function in module.changeableFunctions { run(function) }
        }
    }
}

extension Pass: Equatable {
    public static func == (a: Pass, b: Pass) -> Bool { a.name == b.name }
}

/// What passes know of the code that they work for.
public struct PassContext: Sendable {
    public var level: OptimizationLevel
    public var architecture: Architecture?
    /// The vectors that LLVM prefers for the machine.
    public var vectors: PreferredVectors
    /// Where to find the guest's memory 0, if it has a place of its own.
    public var memory: GuestMemory?
    /// Whether there may be objects that the collector owns.
    public var hasObjects: Bool

    public init(
        _ machine: borrowing TargetMachine, level: OptimizationLevel, memory: GuestMemory? = nil,
        hasObjects: Bool = false
    ) {
        self.level = level
        architecture = Architecture(triple: machine.triple)
        vectors = PreferredVectors(for: machine)
        self.memory = memory
        self.hasObjects = hasObjects
    }

    var isX86_64: Bool { architecture == .x86_64 }
}

extension IRModule {
    /// The functions that passes may change. Others stay as they are (`optnone`).
    var changeableFunctions: [IRFunction] { functionDefinitions.filter { !$0.isUnoptimized } }
}
