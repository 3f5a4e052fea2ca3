// The wrappers: a module can be built, checked, optimised and emitted for both targets, and what
// LLVM complains about comes back as an error.

import LLVMKit
import TargetModel
import Testing

@Suite struct LLVMKitTests {
    private static let triples = ["x86_64-linux-musl", "aarch64-linux-musl"]

    private func machine(_ triple: String) throws -> TargetMachine {
        try TargetMachine(
            triple: triple, cpu: triple.hasPrefix("x86_64") ? "x86-64" : "generic", features: "",
            level: .standard)
    }

    /// i32 twice(i32 x) { return x + x; }
    private func addTwice(to module: borrowing IRModule) -> IRFunction {
        let types = module.types
        let function = module.addFunction(
            "twice", type: types.function([types.i32], returning: types.i32), convention: .c,
            linkage: .hidden)
        let builder = module.builder
        builder.position(atEndOf: builder.addBlock("entry", to: function))
        builder.return(builder.add(function.parameter(0), function.parameter(0)))
        return function
    }

    @Test(arguments: triples)
    func emitsObjects(_ triple: String) throws {
        let machine = try machine(triple)
        let module = IRModule(name: "test", for: machine)
        _ = addTwice(to: module)
        try module.verify()
        try machine.run(passes: "default<O2>", on: module)
        let object = try machine.emit(module, as: .object)
        #expect(object.starts(with: [0x7f, 0x45, 0x4c, 0x46]))
        let assembly = String(decoding: try machine.emit(module, as: .assembly), as: UTF8.self)
        #expect(assembly.contains("twice:"))
    }

    /// A loop that counts to its parameter, with a store that keeps it.
    @Test func loopsBeginAtMultiplesOf32() throws {
        let machine = try machine("x86_64-linux-musl")
        let module = IRModule(name: "test", for: machine)
        let types = module.types
        let function = module.addFunction(
            "count", type: types.function([types.i32, types.pointer], returning: types.i32),
            convention: .c, linkage: .hidden)
        let builder = module.builder
        let entry = builder.addBlock("entry", to: function)
        let loop = builder.addBlock("loop", to: function)
        let end = builder.addBlock("end", to: function)
        builder.position(atEndOf: entry)
        builder.branch(to: loop)
        builder.position(atEndOf: loop)
        let counter = builder.phi(types.i32)
        let next = builder.add(counter, types.i32.constant(1))
        counter.addIncoming(types.i32.zero, from: entry)
        counter.addIncoming(next, from: loop)
        _ = builder.store(next, to: function.parameter(1), alignment: 4)
        builder.branch(
            if: builder.icmp(.eq, next, function.parameter(0)), then: end, else: loop)
        builder.position(atEndOf: end)
        builder.return(next)
        try module.verify()
        let assembly = String(decoding: try machine.emit(module, as: .assembly), as: UTF8.self)
        #expect(assembly.contains(".p2align\t5"))
    }

    @Test func namesHaveNoLimits() throws {
        let machine = try machine("x86_64-linux-musl")
        let module = IRModule(name: "test", for: machine)
        let function = addTwice(to: module)
        #expect(module.definedFunctions.map(\.name) == ["twice"])
        #expect(function.isDefinition)
        #expect(module.text.contains("define hidden i32 @twice(i32 %0)"))
    }

    @Test func verifierSpeaks() throws {
        let machine = try machine("x86_64-linux-musl")
        let module = IRModule(name: "test", for: machine)
        let types = module.types
        let function = module.addFunction(
            "broken", type: types.function([], returning: types.i32), convention: .c,
            linkage: .hidden)
        _ = module.builder.addBlock("entry", to: function)
        #expect(throws: LLVMError.self) { try module.verify() }
    }

    @Test func unknownTargetsAndPassesAreErrors() throws {
        #expect(throws: LLVMError.self) {
            _ = try TargetMachine(
                triple: "pdp11-dec-unix", cpu: "", features: "", level: .none)
        }
        let machine = try machine("x86_64-linux-musl")
        let module = IRModule(name: "test", for: machine)
        #expect(throws: LLVMError.self) { try machine.run(passes: "no-such-pass", on: module) }
    }

    @Test func floatConstantsKeepTheirBits() throws {
        let machine = try machine("x86_64-linux-musl")
        let module = IRModule(name: "test", for: machine)
        let quiet = module.types.constantF64(bits: 0x7ff8_0000_0000_1234)
        #expect(quiet.isConstant)
        #expect(quiet.type == module.types.f64)
        #expect(module.types.constantF32(bits: 0x3f80_0000).constantFloat == 1)
        #expect(module.types.i32.constant(-1).constantInteger == 0xffff_ffff)
    }

    @Test func versionIsThatOfTheHeaders() {
        #expect(LLVM.version.hasPrefix("22."))
    }
}

@Suite struct TargetCPUTests {
    @Test(arguments: [
        ("x86-64-v2", ["sse4.2", "popcnt"], ["avx", "avx2", "fma"]),
        ("x86-64-v3", ["avx2", "fma", "bmi2"], ["avx512f"]),
        ("skylake-avx512", ["avx512f", "avx512vl", "adx"], ["avx512vnni"]),
        ("znver4", ["avx512vnni", "gfni", "sha"], ["avxvnni"]),
    ])
    func x86Features(_ cpu: String, present: [String], absent: [String]) throws {
        let found = try TargetCPU.features(
            of: cpu, triple: "x86_64-linux-musl", among: present + absent)
        #expect(found == Set(present))
    }

    @Test(arguments: [
        ("generic", [], ["lse", "sve", "dotprod"]),
        ("neoverse-n1", ["lse", "dotprod", "fullfp16"], ["sve", "i8mm"]),
        ("neoverse-v2", ["lse", "sve2", "i8mm", "bf16"], []),
    ])
    func aarch64Features(_ cpu: String, present: [String], absent: [String]) throws {
        let found = try TargetCPU.features(
            of: cpu, triple: "aarch64-linux-musl", among: present + absent)
        #expect(found == Set(present))
    }
}
