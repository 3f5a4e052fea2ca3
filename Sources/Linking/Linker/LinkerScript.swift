// The linker script of an executable: where everything lies, as text for ld.lld.
//
//     0x400000    ELF headers, constants, unwind tables, symbol table for backtraces   r--
//                 code: the guest's between two symbols, then the runtime's and libc's r-x
//                 data and bss of the program and the runtime                          rw-
//                 the guest's stack, right below memory 0                              rw-
//     0x10000000  linear memory 0 (higher when the image above would reach it)         rw-
//
// Explicit program headers are what keeps memory 0 in segments of its own: without them the
// linker merges it into .data, and the file grows up to the memory's address. The image is not
// position-independent, so nothing is relocated at start-up, and .data.rel.ro, .init_array and
// .got are constants that lie with the other constants.

internal import RuntimeABI
internal import Sandbox
public import TargetModel

/// Builds the text of a linker script.
public struct LinkerScript: Sendable, Hashable {
    /// Where the executable's image begins.
    public static let imageAddress: UInt64 = 0x40_0000

    /// Below the stack there is nothing for so many bytes: more than any frame of the runtime has,
    /// which does not probe page by page as guest code does.
    static let stackGuardSize: UInt64 = 0x4_0000

    /// The machine that the executable is for.
    public var architecture: Architecture
    /// Memory 0, or nil for programs without a memory.
    public var memory: MemoryImage?
    /// Whether there is a table of places in the source, in a segment of its own behind all code and
    /// data: their addresses do not depend on it.
    public var hasSourceTable = false
    /// Whether to keep unwind tables, for backtraces.
    public var hasBacktraces = true
    /// Whether code throws and catches exceptions: unwind tables, sorted, and tables of landing pads.
    public var hasExceptions = false
    /// The size of the guest's stack, in bytes; 0 if the runtime maps one.
    public var stackSize: UInt64 = 0
    /// The lowest address for memory 0.
    public var memoryAddress: UInt64 = MemoryPlacement.defaultAddress

    public init(architecture: Architecture, memory: MemoryImage?) {
        self.architecture = architecture
        self.memory = memory
    }

    /// The script. Equal values give equal text.
    public var text: String {
        let segments = memory?.segments(pageSize: architecture.maximumPageSize) ?? []
        var lines = ["ENTRY(_start)"]
        lines += programHeaders(memorySegments: segments.count)
        lines.append("SECTIONS {")
        lines += constants + code + data
        if hasSourceTable {
            lines += [nextPage, "    smelt_source : { KEEP(*(smelt_source)) } :source"]
        }
        lines += memoryPlacement
        if hasStackSegment {
            lines.append(
                "    \(SMELT_SECTION_STACK) (smelt_stack_bottom) (NOLOAD) : { . = smelt_stack_top; } :guest_stack"
            )
        }
        for (index, segment) in segments.enumerated() {
            lines += memorySections(segment, index: index)
        }
        lines += withoutAddress
        lines.append("}")
        return lines.joined(separator: "\n") + "\n"
    }

    private func programHeaders(memorySegments: Int) -> [String] {
        var lines = [
            "PHDRS {",
            "    constants PT_LOAD FILEHDR PHDRS FLAGS(4);",
            "    code PT_LOAD FLAGS(5);",
            "    data PT_LOAD FLAGS(6);",
            "    note PT_NOTE FLAGS(4);",
        ]
        if hasSourceTable { lines.append("    source PT_LOAD FLAGS(4);") }
        if hasStackSegment { lines.append("    guest_stack PT_LOAD FLAGS(6);") }
        for index in 0..<memorySegments {
            lines.append("    memory0_\(index) PT_LOAD FLAGS(6);")
        }
        lines += ["    stack PT_GNU_STACK FLAGS(6);", "}"]
        return lines
    }

    /// Bounds for the runtime are hidden, which makes them local: tools that look for the name of
    /// an address prefer global symbols, and would take them for the functions that they stand at.
    private var constants: [String] {
        [
            "    . = \(hex(Self.imageAddress)) + SIZEOF_HEADERS;",
            "    \(ELFFile.noteSection) : { *(\(ELFFile.noteSection)) } :constants :note",
            "    .rodata : { *(.rodata .rodata.*) *(.data.rel.ro .data.rel.ro.*) } :constants",
            "    .init_array : {",
            "        __preinit_array_start = .;",
            "        KEEP(*(.preinit_array))",
            "        __preinit_array_end = .;",
            "        __init_array_start = .;",
            "        KEEP(*(SORT_BY_INIT_PRIORITY(.init_array.*) .init_array))",
            "        __init_array_end = .;",
            "        __fini_array_start = .;",
            "        KEEP(*(SORT_BY_INIT_PRIORITY(.fini_array.*) .fini_array))",
            "        __fini_array_end = .;",
            "    } :constants",
            "    .got : { *(.got .got.plt) } :constants",
            "    smelt_symbols : {",
            "        HIDDEN(smelt_symbols_begin = .);",
            "        KEEP(*(smelt_symbols))",
            "        HIDDEN(smelt_symbols_end = .);",
            "    } :constants",
            "    \(SMELT_SECTION_CALLS) : {",
            "        smelt_calls_begin = .;",
            "        *(\(SMELT_SECTION_CALLS))",
            "        smelt_calls_end = .;",
            "    } :constants",
            "    .eh_frame : {",
            "        HIDDEN(smelt_eh_frame_begin = .);",
        ] + (hasUnwindTables ? ["        KEEP(*(.eh_frame))"] : []) + [
            "        HIDDEN(smelt_eh_frame_end = .);",
            "    } :constants",
        ] + (hasExceptions ? exceptionTables : [])
    }

    private var hasUnwindTables: Bool { hasBacktraces || hasExceptions }

    /// The table that is sorted by address the linker makes itself.
    private var exceptionTables: [String] {
        [
            "    .eh_frame_hdr : {",
            "        HIDDEN(smelt_eh_frame_hdr_begin = .);",
            "        *(.eh_frame_hdr)",
            "        HIDDEN(smelt_eh_frame_hdr_end = .);",
            "    } :constants",
            "    .gcc_except_table : {",
            "        HIDDEN(smelt_landing_pads_begin = .);",
            "        *(.gcc_except_table .gcc_except_table.*)",
            "        HIDDEN(smelt_landing_pads_end = .);",
            "    } :constants",
        ]
    }

    /// A new page in memory, but the next byte in the file: the page at the border is mapped
    /// twice, which costs nothing, while padding would make every file larger.
    private var nextPage: String {
        "    . = ALIGN(CONSTANT(MAXPAGESIZE)) + (. & (CONSTANT(MAXPAGESIZE) - 1));"
    }

    private var code: [String] {
        [
            nextPage,
            "    .init : { KEEP(*(.init)) } :code",
            "    .fini : { KEEP(*(.fini)) } :code",
            "    .text : {",
            "        HIDDEN(smelt_code_begin = .);",
            "        *(\(SMELT_SECTION_CODE) \(SMELT_SECTION_CODE).*)",
            "        HIDDEN(smelt_code_end = .);",
            "        *libsmelt*.a:*(.text .text.*)",
            "        HIDDEN(smelt_libc_begin = .);",
            "        *(smelt_leaves)",
            "        *(.text .text.*)",
            "    } :code",
        ]
    }

    private var data: [String] {
        [
            nextPage,
            "    .data : {",
            "        *(.data .data.*)",
            "        . = ALIGN(8);",
            "        HIDDEN(smelt_memory_0_mapped = .);",
            "        QUAD(\(hex(mappedSize)))",
            "    } :data",
            "    .bss : { *(.bss .bss.* COMMON) } :data",
            "    _end = .;",
        ]
    }

    /// Whether the stack has a segment of its own. It shares that of a memory that begins with zeros.
    private var hasStackSegment: Bool {
        let first = memory?.segments(pageSize: architecture.maximumPageSize).first
        return stackSize > 0 && !(first.map { $0.start == 0 && $0.chunks.isEmpty } ?? false)
    }

    /// How much of memory 0 the kernel maps. The runtime finds it as a number: code cannot refer to an
    /// address behind the memory, which may be too far away.
    private var mappedSize: UInt64 {
        memory?.mappedSize(pageSize: architecture.maximumPageSize) ?? 0
    }

    /// The address of memory 0, which the program knows as `smelt_memory_0_base`.
    /// The page before it may be part of its segment.
    private var memoryPlacement: [String] {
        // Nothing may lie in the stack's guard.
        let room = stackSize == 0 ? 0 : stackSize + Self.stackGuardSize
        let reserved = max(mappedSize, memory?.reservedSize ?? 0)
        return [
            "    smelt_memory_0_base = "
                + "ABSOLUTE(MAX(\(hex(memoryAddress)), "
                + "ALIGN(. + CONSTANT(MAXPAGESIZE) + \(hex(room)), "
                + "\(hex(MemoryPlan.hostPageLimit)))));",
            "    smelt_stack_top = smelt_memory_0_base;",
            "    smelt_stack_bottom = \(stackBottom);",
            "    smelt_stack_guard = smelt_stack_bottom - \(hex(Self.stackGuardSize));",
            "    ASSERT(smelt_memory_0_base <= \(hex(MemoryPlacement.highestAddress)), "
                + "\"the program's code and data leave no room for its memory below 2 GiB\")",
            // None of these sums can have wrapped: the base is below 2 GiB.
            "    ASSERT(smelt_memory_0_base + \(hex(reserved)) <= "
                + "\(hex(MemoryPlacement.addressSpaceEnd)), "
                + "\"the program's memory is larger than the address space\")",
            "    ASSERT(. <= \(stackSize == 0 ? "smelt_stack_bottom" : "smelt_stack_guard"), "
                + "\"the program's code and data reach into its stack\")",
        ]
    }

    /// Where the segment begins that has no contents and reaches up to memory 0 or into it: somewhere
    /// in the page before the stack, or before memory 0 where there is none. Its place in the file is
    /// that of its address within a page, so this is where the data before it ended; the linker would
    /// fill up a page otherwise.
    private var stackBottom: String {
        let last = hasSourceTable ? "smelt_source" : ".data"
        return "smelt_stack_top - \(hex(stackSize)) - CONSTANT(MAXPAGESIZE) + "
            + "((ADDR(\(last)) + SIZEOF(\(last))) & (CONSTANT(MAXPAGESIZE) - 1))"
    }

    /// One segment: an output section with the chunks and the zeros between them, and one
    /// without contents that extends the segment to its end.
    private func memorySections(_ segment: MemoryImage.Segment, index: Int) -> [String] {
        let name = "\(SMELT_SECTION_MEMORY).\(index)"
        let header = ":memory0_\(index)"
        var lines: [String] = []
        var fileSize: UInt64 = 0
        if let last = segment.chunks.last {
            fileSize = last.end - segment.start
            let address = "(smelt_memory_0_base + \(hex(segment.start)))"
            lines.append("    \(name) \(address) : SUBALIGN(1) {")
            for chunk in segment.chunks {
                lines.append("        . = smelt_memory_0_base + \(hex(chunk.offset));")
                lines.append("        KEEP(*(\(chunk.sectionName)))")
            }
            lines.append("    } \(header)")
            lines.append(
                "    ASSERT(SIZEOF(\(name)) == \(hex(fileSize)), "
                    + "\"memory 0's image is not what the plan says\")")
        }
        let rest = segment.end - segment.start - fileSize
        if rest > 0 {
            let address =
                fileSize == 0 && segment.start == 0
                ? "(smelt_stack_bottom)"
                : "(smelt_memory_0_base + \(hex(segment.start + fileSize)))"
            let end = "smelt_memory_0_base + \(hex(segment.end))"
            lines.append(
                "    \(name).zero \(address) (NOLOAD) : { . = \(end); } \(header)")
        }
        return lines
    }

    /// Sections that are not part of the running program. Anything else that the script does not
    /// name is an error (`--orphan-handling=error`), not a surprise behind memory 0.
    private var withoutAddress: [String] {
        var lines = [
            ".symtab", ".symtab_shndx", ".strtab", ".shstrtab", ".debug_abbrev",
            ".debug_addr", ".debug_frame", ".debug_info", ".debug_line", ".debug_line_str",
            ".debug_loc", ".debug_loclists", ".debug_macinfo", ".debug_macro", ".debug_ranges",
            ".debug_rnglists", ".debug_str", ".debug_str_offsets",
        ].map { "    \($0) 0 : { *(\($0)) }" }
        // Indices of debug information that cover just some of it are worse than none.
        let sortedTable = hasExceptions ? "" : " .eh_frame_hdr"
        lines.append(
            "    /DISCARD/ : { *(.comment .note.* .ARM.attributes .llvm_addrsig\(sortedTable) "
                + ".debug_aranges .debug_names\(hasUnwindTables ? "" : " .eh_frame")) }")
        return lines
    }

    private func hex(_ value: UInt64) -> String { "0x" + String(value, radix: 16) }
}
