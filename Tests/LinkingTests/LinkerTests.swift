// Real links: a small C program without any library, for both architectures, run natively and
// under emulation. The program checks every byte of its memory and where its sections lie.

import Foundation
import Linking
import SystemPackage
import TargetModel
import Testing

@Suite struct LinkerTests {
    @Test(arguments: Architecture.allCases)
    func memoryIsMappedAsPlanned(architecture: Architecture) async throws {
        let chunks = [
            MemoryImage.Chunk(offset: 0x401, size: 5), MemoryImage.Chunk(offset: 0x407, size: 3),
            MemoryImage.Chunk(offset: 0x4f_fff0, size: 16),
        ]
        try await check(
            architecture, memory: MemoryImage(initialSize: 0x80_0000, chunks: chunks))
    }

    @Test(arguments: Architecture.allCases)
    func memoryWithoutData(architecture: Architecture) async throws {
        try await check(
            architecture, memory: MemoryImage(initialSize: 0x3_0000))
    }

    @Test(arguments: Architecture.allCases)
    func programsWithoutMemory(architecture: Architecture) async throws {
        try await check(architecture, memory: nil)
    }

    @Test(arguments: Architecture.allCases)
    func manyDistantChunks(architecture: Architecture) async throws {
        let chunks = (0..<UInt64(40)).map {
            MemoryImage.Chunk(offset: 0x2_0000 * $0 + 0x10 + $0, size: 1 + $0)
        }
        try await check(
            architecture, memory: MemoryImage(initialSize: 0x60_0000, chunks: chunks))
    }

    @Test(arguments: Architecture.allCases)
    func largeImagesMoveTheMemoryUp(architecture: Architecture) async throws {
        let chunks = [MemoryImage.Chunk(offset: 0x10, size: 4)]
        try await check(
            architecture, memory: MemoryImage(initialSize: 0x1_0000, chunks: chunks),
            extraBSS: 0x1800_0000)
    }

    /// The linker leaves room for the section headers that it leaves out.
    @Test(arguments: Architecture.allCases)
    func strippedProgramsEndWithTheirData(architecture: Architecture) async throws {
        let chunks = [MemoryImage.Chunk(offset: 0x401, size: 5)]
        try await check(
            architecture, memory: MemoryImage(initialSize: 0x1_0000, chunks: chunks),
            isStripped: true)
    }

    @Test func imagesBeyondTwoGigabytesAreRefused() async throws {
        let memory = try MemoryImage(
            initialSize: 0x1_0000, chunks: [MemoryImage.Chunk(offset: 0x10, size: 4)])
        let error = await #expect(throws: LinkError.self) {
            try await check(.x86_64, memory: memory, extraBSS: 0x7fc0_0000)
        }
        #expect("\(try #require(error))".contains("below 2 GiB"))
    }

    @Test func theLinkersWordsAreKept() async throws {
        try await withTemporaryFolder { folder in
            let plan = LinkPlan(
                architecture: .x86_64, inputs: [folder.appending("missing.o")],
                output: folder.appending("app"), memory: nil)
            let linker = Linker(path: try await TestTools.linker())
            let error = await #expect(throws: LinkError.self) {
                try await linker.link(plan, scriptPath: folder.appending("app.ld"))
            }
            #expect("\(try #require(error))".contains("missing.o"))
        }
    }

    // What the tests share ----------------------------------------------------------------

    /// What an executable may take: the bytes of the segments, and less than a page before each.
    private func sizeLimit(_ memory: MemoryImage?, pageSize: Int) -> Int {
        let segments = memory?.segments(pageSize: UInt64(pageSize)) ?? []
        return segments.reduce(0x4000) { sum, segment in
            sum + pageSize + Int((segment.chunks.last?.end ?? segment.start) - segment.start)
        }
    }

    /// Links a program that checks its own memory against the image, and runs it.
    private func check(
        _ architecture: Architecture, memory: MemoryImage?, extraBSS: Int = 0,
        isStripped: Bool = false
    ) async throws {
        try await withTemporaryFolder { folder in
            let source = folder.appending("main.c")
            try SelfCheck.source(memory: memory, extraBSS: extraBSS)
                .write(toFile: source.string, atomically: true, encoding: .utf8)
            let object = folder.appending("main.o")
            try TestTools.compile(source, to: object, architecture: architecture)

            let output = folder.appending("app")
            var plan = LinkPlan(
                architecture: architecture, inputs: [object], output: output, memory: memory)
            plan.stripsSymbols = isStripped
            try await Linker(path: TestTools.linker()).link(
                plan, scriptPath: folder.appending("app.ld"))

            let status = try TestTools.run(output, architecture: architecture)
            #expect(status == 0, "the program found something out of place")
            let attributes = try FileManager.default.attributesOfItem(atPath: output.string)
            let size = try #require(attributes[.size] as? Int)
            #expect(size <= sizeLimit(memory, pageSize: Int(architecture.maximumPageSize)))
            if isStripped {
                #expect(FileManager.default.contents(atPath: output.string)?.last == 0xa5)
            }
        }
    }
}

/// The C program that looks at itself. Its exit status tells which check failed.
private enum SelfCheck {
    static func source(memory: MemoryImage?, extraBSS: Int) -> String {
        let chunks = memory?.chunks ?? []
        let definitions = chunks.map { chunk in
            let bytes = (0..<chunk.size).map { _ in "0xa5" }.joined(separator: ", ")
            return """
                __attribute__((section("\(chunk.sectionName)"), used, aligned(8)))
                static const unsigned char chunk_\(chunk.offset)[] = {\(bytes)};
                """
        }
        let table = chunks.map { "{\($0.offset), \($0.size)}" }.joined(separator: ", ")
        return """
            \(definitions.joined(separator: "\n"))
            static const struct { long offset, size; } chunks[] = {\(table)\(table.isEmpty ? "{0, 0}" : "")};
            enum { CHUNKS = \(chunks.count) };
            static const long memory_size = \(memory?.initialSize ?? 0);
            char large[\(extraBSS + 1)];
            """ + body
    }

    private static let body = """

        extern unsigned char smelt_memory_0_base[];
        extern char smelt_code_begin[], smelt_code_end[], _end[];
        extern const int smelt_symbols_begin[], smelt_symbols_end[];
        __attribute__((section("smelt_symbols"), used)) static const int symbols[2] = {7, 9};
        __attribute__((section(".text.smelt.guest"), noinline)) int guest(int x) {
            __asm__ volatile("" : "+r"(x));
            return x + 1;
        }
        int data = 5, zero;
        static _Noreturn void finish(long status) {
        #ifdef __x86_64__
            __asm__ volatile("syscall" : : "a"(231), "D"(status));
        #else
            register long number __asm__("x8") = 94;
            register long argument __asm__("x0") = status;
            __asm__ volatile("svc 0" : : "r"(number), "r"(argument));
        #endif
            __builtin_unreachable();
        }
        void check(void) {
            unsigned long address = (unsigned long)smelt_memory_0_base;
            volatile unsigned char *memory = smelt_memory_0_base;
            __asm__ volatile("" : "+r"(address), "+r"(memory));
            char *code = (char *)guest;
            __asm__ volatile("" : "+r"(code));
            if (address < 0x10000000 || address % 65536 || address >= 0x80000000) finish(1);
            if (address < (unsigned long)_end) finish(2);
            if (code < smelt_code_begin || code >= smelt_code_end) finish(3);
            if ((char *)finish >= smelt_code_begin && (char *)finish < smelt_code_end) finish(4);
            if (smelt_symbols_end - smelt_symbols_begin != 2 || smelt_symbols_begin[0] != 7)
                finish(5);
            volatile char *bss = large;
            __asm__ volatile("" : "+r"(bss));
            if (guest(data) != 6 || zero != 0 || bss[sizeof large - 1]) finish(6);
            long position = 0;
            for (int i = 0; i <= CHUNKS; i++) {
                long stop = i < CHUNKS ? chunks[i].offset : memory_size;
                for (; position < stop; position++) if (memory[position] != 0) finish(7);
                if (i == CHUNKS) break;
                for (long n = 0; n < chunks[i].size; n++, position++)
                    if (memory[position] != 0xa5) finish(8);
            }
            if (memory_size) {
                memory[0] = 1;
                memory[memory_size - 1] = 1;
            }
            finish(0);
        }
        #ifdef __x86_64__
        __asm__(".globl _start\\n_start: and $-16, %rsp\\n call check");
        #else
        __asm__(".globl _start\\n_start: bl check");
        #endif

        """
}
