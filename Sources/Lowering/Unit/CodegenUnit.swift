// One unit of code generation: an LLVM module with the functions of one partition, and, in the
// first unit, the state of the instances and the entry point.

internal import LLVMKit
internal import Optimization
internal import RuntimeABI
internal import TargetModel
internal import WasmTypes
internal import WasmValidation

/// Lowers one partition of a program into one LLVM module.
final class CodegenUnit {
    let program: Program
    /// Those of the program.
    let options: CodeGenerationOptions
    /// How much the optimiser does with this unit. What units must agree upon cannot depend on it.
    let level: OptimizationLevel
    let partition: Int
    let ir: IRModule
    let types: IRTypes
    let builder: IRBuilder
    let target: TargetInfo
    private(set) lazy var lowerings = program.instances.map { UnitLowering($0, of: self) }

    init(
        _ program: Program, partition: Int, options: CodeGenerationOptions,
        level: OptimizationLevel, machine: borrowing TargetMachine
    ) {
        self.program = program
        self.options = options
        self.level = level
        self.partition = partition
        target = TargetInfo(options)
        ir = IRModule(name: "wasm.\(partition)", for: machine)
        types = ir.types
        builder = ir.builder
    }

    /// What the unit has of an instance.
    func lowering(of instance: Int) -> UnitLowering { lowerings[instance] }

    /// The instance that the program is named after.
    var main: UnitLowering { lowerings[0] }

    /// Whether state and functions are seen by other units of the same program.
    var sharedLinkage: Linkage {
        // Functions of libraries keep their parameters: each compares its stack with the instance's limit.
        program.partitionCount == 1 && program.form.library == nil ? .internal : .hidden
    }

    /// Whether this unit defines what exists once.
    var definesInstances: Bool { partition == 0 }

    /// Whether it compiles a function, by its defined index.
    func contains(_ instance: Int, _ function: Int) -> Bool {
        program.partitions[partition].contains {
            $0.instance == instance && $0.functions.contains(function)
        }
    }

    /// Lowers every function of the partition and, in the first unit, the instances.
    func lower() throws(ModuleError) {
        for part in program.partitions[partition] {
            try lowerings[part.instance].lower(part.functions)
        }
        defer { main.debug?.finish() }
        guard definesInstances else { return }
        if program.partitionCount > 1 {
            for lowering in lowerings { lowering.instance.defineShared() }
        }
        switch program.form.artifact {
        case .executable:
            try EntryPoint(unit: self).define()
            main.debug?.emitGlobals()
        case .scriptModule(let name, _):
            _ = try ModuleDescription(unit: main, name: name).define()
        case .library(let library): try LibraryInterface(unit: main, library).define()
        }
    }

    /// Where passes find the memory that they know.
    var guestMemory: GuestMemory? {
        guard let image = program.imageMemory else { return main.instance.guestMemory }
        return lowering(of: image.instance).instance.guestMemory
    }

    // Attributes -----------------------------------------------------------------------------

    /// What every compiled function carries. There is no promise of progress: a loop without
    /// effects may run for ever. The unwind tables let a trap show who called whom; what an exception
    /// may leave has some in any case.
    func addGuestAttributes(to function: IRFunction, mayThrow: Bool) {
        if !mayThrow { ir.addAttribute("nounwind", to: function) }
        if options.hasBacktraces { ir.addAttribute("uwtable", value: 2, to: function) }
        ir.addAttribute(string: "target-cpu", options.cpu, to: function)
        if !options.features.isEmpty {
            ir.addAttribute(string: "target-features", options.features, to: function)
        }
        // A frame larger than a page must not step over the guard below the stack.
        ir.addAttribute(string: "probe-stack", "inline-asm", to: function)
        switch level {
        case .size:
            ir.addAttribute("optsize", to: function)
            ir.addAttribute("minsize", to: function)
        case .none, .less, .standard, .aggressive: break
        }
    }

    // What exists once in a program ------------------------------------------------------------

    /// What functions with landing pads have to name.
    private(set) lazy var personality = ir.runtimeFunction(
        "smelt_personality", type: types.function([], returning: types.i32))

    /// `smelt_types`. Who links the modules defines it for dynamic instances.
    private(set) lazy var typeTable =
        definesInstances && !program.form.isOpen
        ? ir.defineTypes(program.types.layouts, parents: program.types.parents)
        : ir.addGlobal("smelt_types", type: types.pointer.array(0), linkage: .hidden).value

    private var externals: [String: IRValue] = [:]

    /// The address of something that is defined where the object is linked.
    func external(_ name: String) -> IRValue {
        if let address = externals[name] { return address }
        let address = ir.addGlobal(name, type: types.i8.array(0), linkage: .external).value
        externals[name] = address
        return address
    }

    /// The size of the argument area: what a function of any type of the program needs.
    private(set) lazy var argumentAreaSize = lowerings.map(\.ownArgumentArea).max() ?? 0
}
