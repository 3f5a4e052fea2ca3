// One unit of code generation: an LLVM module with the functions of one partition, and, in the
// first unit, the state of the instance and the entry point.

internal import LLVMKit
internal import RuntimeABI
internal import TargetModel
internal import WasmBinary
internal import WasmTypes
internal import WasmValidation

/// Lowers one partition of a program into one LLVM module.
final class UnitLowering {
    let plan: ProgramPlan
    /// Those of the program.
    let options: CodeGenerationOptions
    /// How much the optimiser does with this unit. What units must agree upon cannot depend on it.
    let level: OptimizationLevel
    let partition: Int
    let ir: IRModule
    let types: IRTypes
    let builder: IRBuilder
    let names: FunctionNames
    let target: TargetInfo
    private var functions: [FunctionIndex: IRFunction] = [:]
    private(set) lazy var instance: any InstanceAccess = makeInstance()
    /// With `-g`.
    private(set) lazy var debug = plan.debug.map { DebugEmitter($0, unit: self) }

    var module: Module { plan.module }

    /// Whether state and functions are seen by other units of the same program.
    var sharedLinkage: Linkage {
        // Functions of libraries keep their parameters: each compares its stack with the instance's limit.
        plan.partitionCount == 1 && plan.form.library == nil ? .internal : .hidden
    }

    /// Whether this unit defines what exists once.
    var definesInstance: Bool { partition == 0 }

    init(
        plan: ProgramPlan, partition: Int, options: CodeGenerationOptions,
        level: OptimizationLevel, machine: borrowing TargetMachine
    ) {
        self.plan = plan
        self.options = options
        self.level = level
        self.partition = partition
        names = plan.functionNames
        target = TargetInfo(options)
        ir = IRModule(name: "wasm.\(partition)", for: machine)
        types = ir.types
        builder = ir.builder
    }

    private func makeInstance() -> any InstanceAccess {
        switch plan.form.state {
        case .absolute: StaticInstance(unit: self)
        case .perInstance: DynamicInstance(unit: self)
        }
    }

    /// Lowers every function of the partition and, in the first unit, the instance.
    func lower() throws(ModuleError) {
        for defined in plan.partitions[partition] {
            let index = FunctionIndex(module.importedFunctionCount + defined)
            try FunctionLowering.lower(index, in: self)
        }
        defer { debug?.finish() }
        guard definesInstance else { return }
        if plan.partitionCount > 1 { instance.defineShared() }
        switch plan.form.artifact {
        case .executable:
            try EntryPoint(unit: self).define()
            debug?.emitGlobals()
        case .scriptModule(let name, _):
            _ = try ModuleDescription(unit: self, name: name).define()
        case .library(let library): try LibraryInterface(unit: self, library).define()
        }
    }

    /// What functions with landing pads have to name.
    private(set) lazy var personality = ir.runtimeFunction(
        "smelt_personality", type: types.function([], returning: types.i32))

    /// `smelt_types`. Who links the modules defines it for dynamic instances.
    private(set) lazy var typeTable =
        definesInstance && !plan.form.isOpen
        ? ir.defineTypes(plan.typeLayouts, parents: plan.typeParents)
        : ir.addGlobal("smelt_types", type: types.pointer.array(0), linkage: .hidden).value

    /// What LLVM is told of accesses of objects.
    private(set) lazy var aliases = ObjectAliases(plan, ir.metadata)

    // Functions ------------------------------------------------------------------------------

    /// The compiled form of a function, declared when it is first asked for. An imported function
    /// gets a definition in every unit that takes its address.
    func function(_ index: FunctionIndex) -> IRFunction {
        if let function = functions[index] { return function }
        let isImport = index < module.importedFunctionCount
        let isLocal = isImport || plan.partitions[partition].contains(definedIndex(index))
        let signature = signature(module.functionType(index)!)
        let function = ir.addFunction(
            names.symbol(of: index),
            type: signature.type, convention: plan.convention,
            linkage: isImport ? .internal : sharedLinkage)
        functions[index] = function
        describeParameters(of: function, signature)
        if isLocal {
            addGuestAttributes(to: function, mayThrow: plan.throwing.contains(index))
            function.setSection("\(SMELT_SECTION_CODE).\(index)")
        }
        if isImport { ImportThunk(unit: self, index: index, function: function).define() }
        return function
    }

    /// Says what the pointers are that a function gets and that are no references.
    private func describeParameters(of function: IRFunction, _ signature: FunctionSignature) {
        guard signature.usesResultArea else { return }
        ir.addParameterAttribute(
            "dereferenceable", value: ir.layout.allocationSize(signature.results),
            at: signature.resultAreaPosition, of: function)
    }

    /// The functions that an indirect call can reach, if it is better as a choice between them.
    func callees(of table: TableIndex, type: TypeIndex) -> [IndirectCallees.Callee]? {
        let limit =
            switch level {
            case .none: 0
            case .less, .size: 1
            case .standard, .aggressive: IndirectCallees.maximumFunctions
            }
        // A function of a subtype may be called as well.
        guard module.types[Int(type)].isFinal,
            let callees = plan.indirectCallees.callees(
                of: table, typeNumber: plan.typeNumbers[Int(type)]),
            callees.count <= limit
        else { return nil }
        return callees
    }

    private func definedIndex(_ index: FunctionIndex) -> Int {
        Int(index) - module.importedFunctionCount
    }

    /// The functions defined here that would take too long to optimise.
    var excessiveFunctions: [IRFunction] {
        knownFunctions.filter { plan.isExcessive($0.index) && $0.function.isDefinition }
            .map(\.function)
    }

    /// The functions that this unit has been asked for, by their index.
    var knownFunctions: [(index: FunctionIndex, function: IRFunction)] {
        functions.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// Whether an exception may leave a function that is called by reference, as one of a type.
    func functionMayThrow(ofType type: TypeIndex) -> Bool {
        plan.throwing.containsFunction(ofType: plan.typeNumbers[Int(type)])
    }

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

    // Types ----------------------------------------------------------------------------------

    /// The IR type of a value. References are pointers; null is the null pointer.
    func lower(_ type: ValueType) -> IRType {
        switch type {
        case .i32: types.i32
        case .i64: types.i64
        case .f32: types.f32
        case .f64: types.f64
        case .v128: types.v128
        case .reference: types.pointer
        }
    }

    /// The compiled form of a function type.
    func signature(_ type: FunctionType) -> FunctionSignature {
        FunctionSignature(type, leading: instance.leadingParameters, unit: self)
    }

    /// The size of the argument area: what a function of any of the module's types needs.
    private(set) lazy var argumentAreaSize =
        module.types.compactMap(\.functionType)
        .map { signature($0).argumentBytes }.max() ?? 0

    /// A value that is known at compile time.
    func constant(_ value: ConstantValue) -> IRValue {
        switch value {
        case .i32(let value): types.i32.constant(UInt64(value))
        case .i64(let value): types.i64.constant(value)
        case .f32(let bits): types.constantF32(bits: bits)
        case .f64(let bits): types.constantF64(bits: bits)
        case .v128(let bytes):
            types.i8.constantVector((0..<16).map { types.i8.constant(UInt64(bytes[$0])) })
        // Objects are put in their places when the program starts.
        case .null, .atStart: types.pointer.zero
        case .function(let index): instance.functionReference(index)
        }
    }

    /// The number that stands for a function type at run time: equal types have equal numbers,
    /// and none is zero, which is what a null entry of a table has.
    func typeNumber(_ type: TypeIndex) -> IRValue {
        types.i32.constant(UInt64(plan.typeNumbers[Int(type)]))
    }
}
