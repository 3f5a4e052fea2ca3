// What a unit of code generation has of one instance: its functions in the unit's partition, and, in the
// first unit, its state.

internal import LLVMKit
internal import RuntimeABI
internal import TargetModel
internal import WasmBinary
internal import WasmTypes
internal import WasmValidation

/// Lowers what a unit has of one instance.
final class UnitLowering {
    // The unit owns this object and outlives it.
    unowned let codegen: CodegenUnit
    let plan: InstancePlan
    let names: FunctionNames
    private var functions: [FunctionIndex: IRFunction] = [:]
    private(set) lazy var instance: any InstanceAccess = makeInstance()
    /// With `-g`.
    private(set) lazy var debug =
        plan.number == 0
        ? program.debug.map { DebugEmitter($0, unit: self) } : nil

    var program: Program { codegen.program }
    var module: Module { plan.module.module }
    /// Those of the program.
    var options: CodeGenerationOptions { codegen.options }
    /// How much the optimiser does with this unit. What units must agree upon cannot depend on it.
    var level: OptimizationLevel { codegen.level }
    var ir: IRModule { _read { yield codegen.ir } }
    var types: IRTypes { codegen.types }
    var builder: IRBuilder { codegen.builder }
    var target: TargetInfo { codegen.target }

    init(_ plan: InstancePlan, of codegen: CodegenUnit) {
        self.codegen = codegen
        self.plan = plan
        names = codegen.program.functionNames(ofInstance: plan.number)
    }

    private func makeInstance() -> any InstanceAccess {
        switch program.form.state {
        case .absolute: StaticInstance(unit: self)
        case .perInstance: DynamicInstance(unit: self)
        }
    }

    /// Lowers functions, by defined index.
    func lower(_ functions: Range<Int>) throws(ModuleError) {
        for defined in functions {
            let index = FunctionIndex(module.importedFunctionCount + defined)
            try FunctionLowering.lower(index, in: self)
        }
    }

    /// What LLVM is told of accesses of objects.
    private(set) lazy var aliases = ObjectAliases(
        plan.module, ir.metadata, marksSizes: program.form.library != nil)

    // Functions ------------------------------------------------------------------------------

    /// The compiled form of a function, declared when it is first asked for. An imported function
    /// gets a definition in every unit that takes its address.
    func function(_ index: FunctionIndex) -> IRFunction {
        if let function = functions[index] { return function }
        if case .instance(let place) = plan.location(.function, index),
            place.instance != plan.number
        {
            return codegen.lowering(of: place.instance).function(place.index)
        }
        let isImport = index < module.importedFunctionCount
        let isLocal = isImport || codegen.contains(plan.number, definedIndex(index))
        let signature = signature(module.functionType(index)!)
        let function = ir.addFunction(
            names.symbol(of: index),
            type: signature.type, convention: program.convention,
            linkage: isImport ? .internal : codegen.sharedLinkage)
        functions[index] = function
        describeParameters(of: function, signature)
        if isLocal {
            codegen.addGuestAttributes(to: function, mayThrow: plan.throwing.contains(index))
            function.setSection("\(SMELT_SECTION_CODE).\(plan.scope)\(index)")
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
                of: table, typeNumber: plan.module.typeNumbers[Int(type)]),
            callees.count <= limit
        else { return nil }
        return callees
    }

    private func definedIndex(_ index: FunctionIndex) -> Int {
        Int(index) - module.importedFunctionCount
    }

    /// The functions defined here that would take too long to optimise.
    var excessiveFunctions: [IRFunction] {
        functions.sorted { $0.key < $1.key }
            .filter { plan.module.isExcessive($0.key) && $0.value.isDefinition }.map(\.value)
    }

    /// Whether an exception may leave a function that is called by reference, as one of a type.
    func functionMayThrow(ofType type: TypeIndex) -> Bool {
        plan.throwing.containsFunction(ofType: plan.module.typeNumbers[Int(type)])
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

    /// What arguments of functions of the module's types need of the argument area.
    private(set) lazy var ownArgumentArea =
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
        case .function(let place):
            codegen.lowering(of: place.instance).instance.functionReference(place.index)
        }
    }

    /// The number that stands for a function type at run time: equal types have equal numbers,
    /// and none is zero, which is what a null entry of a table has.
    func typeNumber(_ type: TypeIndex) -> IRValue {
        types.i32.constant(UInt64(plan.module.typeNumbers[Int(type)]))
    }
}
