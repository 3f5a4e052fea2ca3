// Plans and linker scripts as text: nothing is run here.

import Linking
import SystemPackage
import TargetModel
import Testing

@Suite struct LinkPlanTests {
    private static let sparse = [
        MemoryImage.Chunk(offset: 0x400, size: 0x20), MemoryImage.Chunk(offset: 0x600, size: 0x8),
        MemoryImage.Chunk(offset: 0x9_0000, size: 0x10),
    ]

    @Test(arguments: Architecture.allCases)
    func scriptWithSparseMemory(architecture: Architecture) throws {
        let memory = try MemoryImage(initialSize: 0x10_0000, chunks: Self.sparse)
        try Golden.expect(
            LinkerScript(architecture: architecture, memory: memory).text,
            equals: "sparse-\(architecture.rawValue).ld")
    }

    @Test func scriptWithZeroMemory() throws {
        let memory = try MemoryImage(initialSize: 0x2_0000)
        try Golden.expect(
            LinkerScript(architecture: .x86_64, memory: memory).text, equals: "zero.ld")
    }

    /// Pages of one byte: the kernel maps more than the memory has, and the runtime is told so.
    @Test func scriptWithPartOfAPage() throws {
        let memory = try MemoryImage(
            initialSize: 40000, reservedSize: 0x1_0000,
            chunks: [MemoryImage.Chunk(offset: 39998, size: 2)])
        try Golden.expect(
            LinkerScript(architecture: .aarch64, memory: memory).text, equals: "bytes.ld")
    }

    @Test func theStackSharesTheSegmentOfZeros() throws {
        var script = LinkerScript(
            architecture: .aarch64, memory: try MemoryImage(initialSize: 0x2_0000))
        script.stackSize = 0x10_0000
        try Golden.expect(script.text, equals: "stack.ld")
        script.memory = nil
        #expect(script.text.contains("guest_stack PT_LOAD"))
        script.memory = try MemoryImage(
            initialSize: 0x2_0000, chunks: [MemoryImage.Chunk(offset: 0, size: 4)])
        #expect(script.text.contains("guest_stack PT_LOAD"))
    }

    @Test func largeStacksAreMappedByTheRuntime() {
        var plan = LinkPlan.program(
            architecture: .x86_64, objects: [], runtimeFolder: "/r", output: "/t/app", memory: nil)
        plan.stackSize = 8 << 20
        #expect(plan.script.stackSize == 8 << 20)
        plan.stackSize = 1 << 30
        #expect(plan.script.stackSize == 0)
    }

    @Test func backtracesAreAskedFor() {
        var plan = LinkPlan.program(
            architecture: .x86_64, objects: [], runtimeFolder: "/r", output: "/t/app", memory: nil)
        let wanted = "--undefined=smelt_print_backtrace"
        #expect(plan.arguments(scriptPath: "/s").contains(wanted))
        #expect(plan.script.text.contains("KEEP(*(.eh_frame))"))
        plan.hasBacktraces = false
        #expect(!plan.arguments(scriptPath: "/s").contains(wanted))
        #expect(!plan.script.text.contains("KEEP(*(.eh_frame))"))
    }

    /// With unwind tables, whether there are backtraces or not, and one that is sorted.
    @Test(arguments: [false, true])
    func exceptionsNeedTables(hasBacktraces: Bool) {
        var plan = LinkPlan.program(
            architecture: .x86_64, objects: [], runtimeFolder: "/r", output: "/t/app", memory: nil)
        plan.hasBacktraces = hasBacktraces
        let tables = ["smelt_eh_frame_hdr_begin", "*(.gcc_except_table .gcc_except_table.*)"]
        for table in tables { #expect(!plan.script.text.contains(table)) }
        plan.hasExceptions = true
        for table in tables { #expect(plan.script.text.contains(table)) }
        #expect(plan.script.text.contains("KEEP(*(.eh_frame))"))
        #expect(!plan.script.text.contains(".llvm_addrsig .eh_frame"))
        let arguments = plan.arguments(scriptPath: "/s")
        #expect(arguments.contains("--eh-frame-hdr") && !arguments.contains("--no-eh-frame-hdr"))
        #expect(arguments.contains("--undefined=smelt_print_backtrace") == hasBacktraces)
    }

    @Test func scriptWithoutMemory() throws {
        try Golden.expect(LinkerScript(architecture: .x86_64, memory: nil).text, equals: "none.ld")
    }

    @Test func emptyMemoryHasAnAddressOnly() throws {
        let empty = LinkerScript(architecture: .x86_64, memory: try MemoryImage(initialSize: 0))
        #expect(empty.text == LinkerScript(architecture: .x86_64, memory: nil).text)
        #expect(empty.text.contains("smelt_memory_0_base = "))
    }

    @Test func argumentsOfAProgram() {
        var plan = LinkPlan.program(
            architecture: .aarch64, objects: ["/t/a.o", "/t/b.o"], runtimeFolder: "/r",
            output: "/t/app", memory: nil)
        plan.stripsSymbols = true
        plan.hasBacktraces = false
        #expect(
            plan.arguments(scriptPath: "/t/app.ld") == [
                "-m", "aarch64linux", "-static", "--no-pie", "--gc-sections", "--build-id=none",
                "--no-eh-frame-hdr", "--orphan-handling=error", "--fatal-warnings", "-z",
                "norelro", "-z", "noexecstack", "-z", "max-page-size=65536", "--threads=1",
                "--strip-all", "-z", "nosectionheader", "-T", "/t/app.ld", "-o", "/t/app",
                "/t/a.o", "/t/b.o", "/r/libsmelt.a", "/r/libc.a",
            ])
    }
}
