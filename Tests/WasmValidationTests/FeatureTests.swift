import Testing
import WasmBinary
import WasmTypes
import WasmValidation

/// Features that show only in validation.
@Suite struct FeatureTests {
    private let constant = GlobalType(valueType: .i32, isMutable: false)
    private let variable = GlobalType(valueType: .i32, isMutable: true)

    /// The features that a module uses, nil if it is refused with only some allowed.
    private func used(
        _ module: Module, without missing: Feature? = nil
    ) -> FeatureSet? {
        var features = FeatureSet.all
        if let missing { features.remove(missing) }
        return try? validate(module, features: features).usedFeatures
    }

    private func expectNeeded(_ feature: Feature, by module: Module) {
        #expect(used(module)?.contains(feature) == true)
        #expect(used(module, without: feature) == nil)
    }

    @Test func constantExpressions() {
        var builder = ModuleBuilder()
        builder.global(constant, [0x41, 1])
        #expect(used(builder.module)?.contains(.extendedConstants) == false)
        var arithmetic = builder
        arithmetic.global(constant, [0x41, 1, 0x41, 2, 0x6a])
        expectNeeded(.extendedConstants, by: arithmetic.module)
        var earlier = builder
        earlier.global(constant, [0x23, 0])
        expectNeeded(.garbageCollection, by: earlier.module)
    }

    @Test func globalsMayBeReadLaterOnly() {
        var itself = ModuleBuilder()
        itself.global(constant, [0x23, 0])
        #expect(itself.complaint()?.message == "unknown global 0")
        var changing = ModuleBuilder()
        changing.global(variable, [0x41, 0])
        changing.global(constant, [0x23, 0])
        #expect(changing.complaint()?.message == "constant expression required")
    }

    @Test func wholeModules() {
        var memories = ModuleBuilder()
        memories.memory(MemoryType(limits: Limits(minimum: 0)))
        memories.memory(MemoryType(limits: Limits(minimum: 0)))
        expectNeeded(.multipleMemories, by: memories.module)
        var exported = ModuleBuilder()
        exported.global(variable, [0x41, 0])
        exported.export("g", 0, .global)
        expectNeeded(.mutableGlobals, by: exported.module)
    }

    @Test func functionBodies() {
        var builder = ModuleBuilder()
        // i32.const 0; i32.extend8_s; drop
        builder.function([], [], [0x41, 0, 0xc0, 0x1a])
        expectNeeded(.signExtension, by: builder.module)
    }
}
