// Pins the layout of everything that compiled code and the runtime share: a change here is a change
// of the ABI. That the compiler emits these structures is RuntimeContractTests' part.

import RuntimeABI
import Testing

@Suite struct LayoutTests {
    @Test func memory() {
        #expect(MemoryLayout<smelt_memory>.size == 40)
        #expect(MemoryLayout<smelt_memory>.offset(of: \.base) == 0)
        #expect(MemoryLayout<smelt_memory>.offset(of: \.byte_size) == 8)
        #expect(MemoryLayout<smelt_memory>.offset(of: \.maximum_pages) == 16)
        #expect(MemoryLayout<smelt_memory>.offset(of: \.reserved_bytes) == 24)
        #expect(MemoryLayout<smelt_memory>.offset(of: \.page_size_log2) == 32)
        #expect(MemoryLayout<smelt_memory>.offset(of: \.flags) == 36)
    }

    @Test func function() {
        #expect(MemoryLayout<smelt_function>.size == 24)
        #expect(MemoryLayout<smelt_function>.offset(of: \.code) == 0)
        #expect(MemoryLayout<smelt_function>.offset(of: \.instance) == 8)
        #expect(MemoryLayout<smelt_function>.offset(of: \.type) == 16)
    }

    @Test func table() {
        #expect(MemoryLayout<smelt_table>.size == 32)
        #expect(MemoryLayout<smelt_table>.offset(of: \.elements) == 0)
        #expect(MemoryLayout<smelt_table>.offset(of: \.size) == 8)
        #expect(MemoryLayout<smelt_table>.offset(of: \.maximum) == 16)
        #expect(MemoryLayout<smelt_table>.offset(of: \.capacity) == 24)
    }

    @Test func program() {
        #expect(MemoryLayout<smelt_program>.size == 104)
        #expect(MemoryLayout<smelt_program>.offset(of: \.memory) == 0)
        #expect(MemoryLayout<smelt_program>.offset(of: \.stack_size) == 8)
        #expect(MemoryLayout<smelt_program>.offset(of: \.cpu_feature_count) == 16)
        #expect(MemoryLayout<smelt_program>.offset(of: \.memory_count) == 24)
        #expect(MemoryLayout<smelt_program>.offset(of: \.memories) == 32)
        #expect(MemoryLayout<smelt_program>.offset(of: \.cpu_name) == 40)
        #expect(MemoryLayout<smelt_program>.offset(of: \.grants) == 48)
        #expect(MemoryLayout<smelt_program>.offset(of: \.start) == 56)
        #expect(MemoryLayout<smelt_program>.offset(of: \.maximum_memory) == 64)
        #expect(MemoryLayout<smelt_program>.offset(of: \.flags) == 72)
        #expect(MemoryLayout<smelt_program>.offset(of: \.embedded) == 80)
        #expect(MemoryLayout<smelt_program>.offset(of: \.cpu_features) == 88)
        #expect(MemoryLayout<smelt_program>.offset(of: \.heap_limit) == 96)
    }

    @Test func cpuFeature() {
        #expect(MemoryLayout<smelt_cpu_feature>.size == 24)
        #expect(MemoryLayout<smelt_cpu_feature>.offset(of: \.name) == 0)
        #expect(MemoryLayout<smelt_cpu_feature>.offset(of: \.mask) == 8)
        #expect(MemoryLayout<smelt_cpu_feature>.offset(of: \.leaf) == 16)
        #expect(MemoryLayout<smelt_cpu_feature>.offset(of: \.bit) == 20)
        #expect(MemoryLayout<smelt_cpu_feature>.offset(of: \.subleaf) == 21)
        #expect(MemoryLayout<smelt_cpu_feature>.offset(of: \.word) == 22)
        #expect(MemoryLayout<smelt_cpu_feature>.offset(of: \.os_state) == 23)
    }

    @Test func invocation() {
        #expect(MemoryLayout<smelt_value>.size == 16)
        #expect(MemoryLayout<smelt_invocation>.size == 24)
        #expect(MemoryLayout<smelt_invocation>.offset(of: \.name) == 0)
        #expect(MemoryLayout<smelt_invocation>.offset(of: \.signature) == 8)
        #expect(MemoryLayout<smelt_invocation>.offset(of: \.values) == 16)
    }

    @Test func symbol() {
        #expect(MemoryLayout<smelt_symbol>.size == 8)
        #expect(MemoryLayout<smelt_symbol>.offset(of: \.code) == 0)
        #expect(MemoryLayout<smelt_symbol>.offset(of: \.name) == 4)
    }

    @Test func sourceTable() {
        #expect(MemoryLayout<smelt_source_table>.size == 8)
        #expect(MemoryLayout<smelt_source_range>.size == 8)
        #expect(MemoryLayout<smelt_source_range>.offset(of: \.code) == 0)
        #expect(MemoryLayout<smelt_source_frame>.size == 20)
        #expect(MemoryLayout<smelt_source_frame>.offset(of: \.name) == 0)
        #expect(MemoryLayout<smelt_source_frame>.offset(of: \.file) == 4)
        #expect(MemoryLayout<smelt_source_frame>.offset(of: \.line) == 8)
        #expect(MemoryLayout<smelt_source_frame>.offset(of: \.column) == 12)
        #expect(MemoryLayout<smelt_source_frame>.offset(of: \.caller) == 16)
    }

    /// Every code has a reason of its own, and there are no others.
    @Test func trapCodes() {
        let reasons = (0...SMELT_TRAP_CODE_COUNT.rawValue).map { code in
            smelt_trap_reason(code).map { String(cString: $0) }
        }
        #expect(reasons.first == .some(nil))
        #expect(reasons.last == .some(nil))
        let texts = reasons.compactMap { $0 }
        #expect(texts.count == Int(SMELT_TRAP_CODE_COUNT.rawValue) - 1)
        #expect(Set(texts).count == texts.count)
        #expect(texts.first == "unreachable")
    }
}
