import ComponentModel
import Testing
import WasmTypes

/// The binary format, where the official suite leaves something open.
@Suite struct DecoderTests {
    private static let preamble: [UInt8] = [0, 0x61, 0x73, 0x6D, 0x0D, 0, 1, 0]

    private func section(_ id: UInt8, _ contents: [UInt8]) -> [UInt8] {
        precondition(contents.count < 128)
        return [id, UInt8(contents.count)] + contents
    }

    private func error(_ body: [UInt8]) -> ModuleError? {
        do throws(ModuleError) {
            _ = try Component.decode(Self.preamble + body)
            return nil
        } catch {
            return error
        }
    }

    @Test func layers() {
        #expect(Component.isComponent(Self.preamble))
        #expect(!Component.isComponent([0, 0x61, 0x73, 0x6D, 1, 0, 0, 0]))
        #expect(!Component.isComponent([0, 0x61, 0x73]))
        #expect(throws: ModuleError.self) {
            try Component.decode([0, 0x61, 0x73, 0x6D, 1, 0, 0, 0])
        }
    }

    /// The byte for cancellation is read whether it is set or not, and nothing else stands there.
    @Test(arguments: [0, 1] as [UInt8])
    func cancellable(_ flag: UInt8) throws {
        let body = section(8, [3, 0x20, flag, 0, 0x0C, flag, 0x29, flag])
        let definitions = try Component.decode(Self.preamble + body).definitions
        let canonical = definitions.compactMap { definition in
            if case .canonical(let definition) = definition.kind { definition } else { nil }
        }
        #expect(
            canonical == [
                .waitableSetWait(isCancellable: flag == 1, memory: 0),
                .threadYield(isCancellable: flag == 1), .threadSuspend(isCancellable: flag == 1),
            ])
        #expect(error(section(8, [1, 0x0C, 2]))?.kind == .malformed)
    }

    /// The type of a value that is imported, with and without the byte that says that it is a type.
    @Test func valueBounds() throws {
        for bound in [[0x01, 0x73], [0x73]] as [[UInt8]] {
            let body = section(10, [1, 0, 1, 0x61, 2] + bound)
            let definition = try #require(
                try Component.decode(Self.preamble + body).definitions.first)
            guard case .import(let item) = definition.kind else {
                Issue.record("not an import")
                continue
            }
            #expect(item.type == .value(.type(.primitive(.string))))
        }
    }

    /// In a module's type a core type that is not final needs no byte before it.
    @Test func subtypesInModuleTypes() throws {
        for prefix in [[], [0]] as [[UInt8]] {
            let type: [UInt8] = prefix + [0x50, 0, 0x60, 0, 0]
            #expect(error(section(3, [1, 0x50, 1, 1] + type)) == nil)
        }
        #expect(error(section(3, [1, 0, 0x60, 0, 0]))?.kind == .malformed)
    }

    @Test func optionsOnce() {
        // lower of function 0 with (memory 0) twice
        #expect(error(section(8, [1, 1, 0, 0, 2, 3, 0, 3, 0]))?.kind == .invalid)
        #expect(error(section(8, [1, 1, 0, 0, 1, 9]))?.kind == .unsupported)
        #expect(error(section(8, [1, 1, 0, 0, 11, 0]))?.kind == .malformed)
    }

    /// Nested components, and nested types, as deep as is accepted and one more.
    @Test func depth() {
        func components(_ depth: Int) -> [UInt8] {
            var bytes = Self.preamble
            for _ in 1..<depth {
                var length: [UInt8] = []
                var rest = bytes.count
                repeat {
                    length.append(UInt8(rest & 0x7F) | (rest > 0x7F ? 0x80 : 0))
                    rest >>= 7
                } while rest > 0
                bytes = Self.preamble + [4] + length + bytes
            }
            return bytes
        }
        #expect(complaint(components(ComponentLimits.depth)) == nil)
        #expect(complaint(components(ComponentLimits.depth + 1))?.kind == .limitExceeded)
        func types(_ depth: Int) -> [UInt8] {
            var bytes: [UInt8] = [0x42, 0]
            for _ in 1..<depth { bytes = [0x42, 1, 1] + bytes }
            return [1] + bytes
        }
        func file(_ types: [UInt8]) -> [UInt8] {
            Self.preamble + [7, UInt8(types.count & 0x7F) | 0x80, UInt8(types.count >> 7)] + types
        }
        #expect(complaint(file(types(ComponentLimits.depth - 1))) == nil)
        #expect(complaint(file(types(ComponentLimits.depth + 1)))?.kind == .limitExceeded)
    }

    @Test func names() throws {
        let names: [UInt8] =
            [0, 4, 3, 0x61, 0x62, 0x63] + [1, 6, 0, 0x11, 1, 2, 1, 0x6D]
            + [1, 5, 5, 1, 0, 1, 0x69] + [1, 100]
        let title = Array("component-name".utf8)
        let body = section(0, [UInt8(title.count)] + title + names)
        let component = try Component.decode(Self.preamble + body)
        #expect(component.names.component == "abc")
        #expect(component.names.name(of: .core(.module), at: 2) == "m")
        #expect(component.names.name(of: .instance, at: 0) == "i")
        #expect(component.names.name(of: .instance, at: 1) == nil)
    }
}
