// What a finished executable says about itself: the compiler writes it into a note, and `smelt
// inspect` reads it from there.

internal import FoundationEssentials
internal import Linking
internal import WasmBinary
internal import WasmTypes

/// A description of a compiled program.
public struct ProgramDescription: Codable, Sendable, Hashable {
    /// The compiler and its version.
    public var compiler: String
    /// The machine that the program is for.
    public var target: String
    /// The oldest processor of that machine that the program runs on.
    public var cpu: String
    /// What that processor has beyond the oldest of its kind, as the program checks it.
    public var cpuFeatures: [String]
    /// What the module imported, as `module.name`.
    public var imports: [String]
    /// What was granted when the program was compiled, one grant each, as messages show it.
    public var grants: [String]
    /// The names of directories inside the executable, as messages show them.
    public var embedded: [String]
    /// The native stack, in bytes.
    public var stackSize: UInt64
    /// Bytes that no memory grows beyond; nil for no limit.
    public var maximumMemory: UInt64?
    /// Bytes that objects may take; nil if nothing was said.
    public var heapSize: UInt64?
    /// Whether the program gives up the system calls that it does not need.
    public var locksDown: Bool

    /// Whether a file is an executable, and not something to be compiled.
    public static func isExecutable(_ input: CompilerInput) -> Bool {
        input.bytes.starts(with: [0x7f] + Array("ELF".utf8))
    }

    /// Reads the description of an executable that this compiler made.
    ///
    /// - Throws: an error that says so if there is none in the file.
    public init(of input: CompilerInput) throws(CompilerError) {
        guard let note = ELFFile.noteContent(in: input.bytes), let value = Self(encoded: note)
        else {
            throw CompilerError(
                .notWebAssembly(looksLike: Self.kind(of: input.bytes))
            ).about(input)
        }
        self = value
    }

    /// What an ELF file without a description is.
    private static func kind(of bytes: [UInt8]) -> String {
        let (typeOffset, relocatable): (Int, UInt8) = (16, 1)
        return bytes.count > typeOffset && bytes[typeOffset] == relocatable
            ? "an object file (ELF); only finished executables say what they are"
            : "an executable that Smelt did not make"
    }

    /// The description of what is about to be compiled.
    init(_ module: Module, cpu: CPUSelection, options: CompilationOptions) {
        compiler = SmeltVersion.banner
        target = options.target.triple
        self.cpu = cpu.description
        cpuFeatures = cpu.requiredFeatureNames(for: options.target)
        imports = module.imports.map { "\($0.module).\($0.name)" }
        grants = options.grants.list.filter { !$0.isLimit }
            .map { $0.words.map(\.description).joined(separator: " ") }
        embedded = options.embeddedFolders.map(\.guest.description)
        stackSize = options.grants.stackSize ?? Grants.defaultStackSize
        maximumMemory = options.grants.maximumMemory
        heapSize = options.grants.heapSize
        locksDown = options.grants.locksDown
    }

    // The form inside an executable: texts that end in a zero each, since every program carries
    // it. Lists are separated by spaces; imports are grouped by their module.

    private static let (grantMark, embeddedMark): (Character, Character) = ("g", "e")
    private static let heapMark: Character = "h"

    /// The note in the section ``ELFFile/noteSection``.
    var note: [UInt8] {
        var modules: [String] = []
        for module in imports.map(Self.module) where !modules.contains(module) {
            modules.append(module)
        }
        let groups = modules.map { module in
            ([module]
                + imports.filter { Self.module($0) == module }
                .map { String($0.dropFirst(module.count + 1)) }).joined(separator: " ")
        }
        var texts = [
            compiler, target, cpu, cpuFeatures.joined(separator: " "),
            groups.joined(separator: ","), "\(stackSize)", maximumMemory.map { "\($0)" } ?? "",
            locksDown ? "1" : "0",
        ]
        texts += heapSize.map { ["\(Self.heapMark)\($0)"] } ?? []
        texts += grants.map { "\(Self.grantMark)\($0)" }
        texts += embedded.map { "\(Self.embeddedMark)\($0)" }
        return ELFFile.note(texts.flatMap { Array($0.utf8) + [0] })
    }

    private static func module(_ name: String) -> String { String(name.prefix { $0 != "." }) }

    private init?(encoded: ArraySlice<UInt8>) {
        let texts = encoded.split(separator: 0, omittingEmptySubsequences: false).dropLast()
            .map { String(decoding: $0, as: UTF8.self) }
        guard texts.count >= 8, let stackSize = UInt64(texts[5]) else { return nil }
        (compiler, target, cpu) = (texts[0], texts[1], texts[2])
        cpuFeatures = texts[3].split(separator: " ").map(String.init)
        imports = texts[4].split(separator: ",").flatMap { group in
            let words = group.split(separator: " ")
            return words.dropFirst().map { "\(words[0]).\($0)" }
        }
        self.stackSize = stackSize
        maximumMemory = UInt64(texts[6])
        locksDown = texts[7] == "1"
        func list(_ mark: Character) -> [String] {
            texts[8...].filter { $0.first == mark }.map { String($0.dropFirst()) }
        }
        (grants, embedded) = (list(Self.grantMark), list(Self.embeddedMark))
        heapSize = list(Self.heapMark).first.flatMap { UInt64($0) }
    }

    /// The description as JSON, with sorted keys.
    public var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: (try? encoder.encode(self)) ?? Data(), as: UTF8.self).printableJSON
    }

    /// The description as text for people.
    public var text: String {
        var lines = ["executable for \(target), made by \(compiler)".printable]
        func list(_ title: String, _ items: [String]) {
            lines +=
                ["", "\(title):"]
                + (items.isEmpty ? ["  nothing"] : items.map { "  \($0.printable)" })
        }
        list("needs", ["CPU \(cpu)" + cpuFeatures.map { ", \($0)" }.joined()])
        list("granted", grants + embedded.map { "embedded files as \($0)" })
        list("imports", imports)
        list(
            "limits",
            [
                "stack of \(stackSize) bytes",
                maximumMemory.map { "memory of at most \($0) bytes" }
                    ?? "memory as the module declares it",
            ] + (heapSize.map { ["objects of at most \($0) bytes"] } ?? [])
                + [locksDown ? "system calls that it needs" : "no lockdown: all system calls"])
        return lines.joined(separator: "\n")
    }
}
