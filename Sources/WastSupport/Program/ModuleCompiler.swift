// The modules of one script: decoded and validated like any other, and compiled in the dynamic
// form, each into an object that defines `smelt_module_m<number>`.

internal import Compiler
internal import LLVMKit
internal import Lowering
internal import WasmBinary
internal import WasmTypes
internal import WasmValidation

/// Compiles the modules of one script.
struct ModuleCompiler {
    /// What became of a module.
    enum Output {
        /// It is the module with this number.
        case compiled(Int)
        /// It is right, but something that it uses is not translated yet.
        case unsupported(String)
        /// It is right, and the compiler failed.
        case failed(String)
    }

    private let options: CodeGenerationOptions
    private let features: FeatureSet
    /// Equal function types of different modules get equal numbers.
    let types = TypeStore()
    private(set) var objects: [[UInt8]] = []
    private(set) var accesses = AccessReport()

    init(
        target: Target, cpu: CPUSelection, level: OptimizationLevel, exactTraps: Bool,
        features: FeatureSet, accessProof: AccessProofMode
    ) {
        var options = CodeGenerationOptions(
            triple: target.triple, cpu: cpu.name, features: cpu.features, level: level)
        options.exactTraps = exactTraps
        options.accessProof = accessProof
        self.options = options
        self.features = features
    }

    /// Decodes and validates.
    func load(_ bytes: [UInt8]) throws(ModuleError) -> ValidatedModule {
        try validate(try Module.decode(bytes, features: features), features: features)
    }

    /// Compiles. Needs a thread with a large stack.
    mutating func compile(_ module: ValidatedModule) -> Output {
        do {
            let plan = try Program(
                module, form: .scriptModule(name: "m\(objects.count)", types: types),
                partitionSize: Int.max / 2)
            let unit = try CodeGenerator.compile(plan, partition: 0, options: options)
            accesses.add(AccessReport(unit))
            objects.append(unit.bytes)
            return .compiled(objects.count - 1)
        } catch let error as ModuleError where error.kind == .unsupported {
            return .unsupported(error.message)
        } catch {
            return .failed("\(error)")
        }
    }
}
