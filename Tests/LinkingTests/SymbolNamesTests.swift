// Renaming the symbols of objects: with LLVM's own, with more sections than 16 bits count, and
// with damaged ones.

import Foundation
import Linking
import SystemPackage
import TargetModel
import Testing

@Suite struct SymbolNamesTests {
    /// An object of some assembly.
    private func object(_ text: String, _ architecture: Architecture) throws -> [UInt8] {
        let folder = URL(filePath: NSTemporaryDirectory()).appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let source = folder.appending(path: "text.s")
        let object = folder.appending(path: "text.o")
        try text.write(to: source, atomically: true, encoding: .utf8)
        let status = try TestTools.launch([
            "clang-22", "--target=\(architecture.rawValue)-linux-musl", "-c", source.path, "-o",
            object.path,
        ])
        #expect(status == 0)
        return [UInt8](try Data(contentsOf: object))
    }

    private static let small = """
        .section .text.first, "ax"
        wasm.f0: ret
        .section .text.second, "ax"
        wasm.f1: ret
        .globl shared
        shared: ret
        .section .note, "", %progbits
        .p2align 4
        .long 7

        """

    private func isNumbered(_ name: String) -> Bool { name.hasPrefix("wasm.f") }

    @Test(arguments: Architecture.allCases)
    func localSymbolsAreRenamed(architecture: Architecture) throws {
        let bytes = try object(Self.small, architecture)
        let names = ["wasm.f0": String(repeating: "long", count: 1000), "wasm.f1": "x"]
        let renamed = try ELFFile(try SymbolNames.renamed(bytes) { names[$0] })
        let original = try ELFFile(bytes)
        #expect(renamed.sections.map(\.name) == original.sections.map(\.name))
        for (old, new) in names {
            #expect(renamed.address(of: new) == original.address(of: old))
            #expect(renamed.address(of: old) == nil)
        }
        #expect(renamed.address(of: "shared") == original.address(of: "shared"))
        let contents = { (file: ELFFile) in
            file.section(".note").map { Array(file.bytes[$0.range]) }
        }
        #expect(contents(renamed) == contents(original))
        // And back again: nothing is left of the long name.
        let again = try SymbolNames.renamed(renamed.bytes) { name in
            names.first { $0.value == name }?.key
        }
        #expect(again.count <= bytes.count + 64)
    }

    /// Others could refer to it.
    @Test func symbolsThatAreNotLocalAreRefused() throws {
        let bytes = try object(Self.small, .x86_64)
        #expect(throws: LinkError.self) {
            try SymbolNames.renamed(bytes) { $0 == "shared" ? "other" : nil }
        }
    }

    @Test func sectionsBeyond16Bits() throws {
        let count = 66_000
        let text = (0..<count).map { ".section .text.\($0), \"ax\"\nwasm.f\($0): ret\n" }
        let bytes = try object(text.joined(), .x86_64)
        let renamed = try ELFFile(
            try SymbolNames.renamed(bytes) { isNumbered($0) ? "function \($0)" : nil })
        #expect(renamed.sections.count > count)
        #expect(renamed.section(".text.\(count - 1)") != nil)
        #expect(renamed.address(of: "function wasm.f\(count - 1)") != nil)
    }

    /// Whatever is cut off or changed, the answer is a file or an error.
    @Test func damage() throws {
        let bytes = try object(Self.small, .aarch64)
        var state: UInt64 = 7
        func random(below limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        var survivors = 0
        for _ in 0..<4000 {
            var copy = bytes
            for _ in 0...random(below: 4) {
                // Header, table of sections, and anything.
                let places = [
                    random(below: 64), copy.count - 1 - random(below: 700),
                    random(below: copy.count),
                ]
                let offset = places[random(below: 3)]
                copy[offset] = [0, 0xff, 0x80, UInt8(random(below: 256))][random(below: 4)]
            }
            if random(below: 4) == 0 { copy.removeLast(random(below: copy.count)) }
            if (try? SymbolNames.renamed(copy) { isNumbered($0) ? "a name" : nil }) != nil {
                survivors += 1
            }
        }
        #expect(survivors > 0 && survivors < 4000)
    }
}
