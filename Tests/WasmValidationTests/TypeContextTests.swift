import Testing
import WasmTypes
import WasmValidation

/// Canonical numbers and the hierarchy of defined types.
@Suite struct TypeContextTests {
    private func types(_ build: (inout ModuleBuilder) -> Void) throws -> TypeContext {
        var builder = ModuleBuilder()
        build(&builder)
        return try validate(builder.module).types
    }

    @Test func equalTypesHaveEqualNumbers() throws {
        let types = try types {
            $0.group(.function([.i32], []))
            $0.group(.function([.i64], []))
            $0.group(.function([.i32], []))
            $0.group(.structure(.defined(0)))
            $0.group(.structure(.defined(2)))
            $0.group(.structure(.defined(1)))
        }
        #expect((0..<6).map { types.canonicalIndex(of: $0) } == [0, 1, 0, 2, 2, 3])
        #expect(types.canonicalCount == 4)
        #expect(types.representative(ofCanonical: 2) == 3)
        #expect(types.composite(ofCanonical: 1) == .function(FunctionType(parameters: [.i64])))
    }

    @Test func mutabilityFinalityNullabilityAndPackingCount() throws {
        let types = try types {
            $0.group(.structure(.i32))
            $0.group(.structure(.i32, isMutable: true))
            $0.group(.structure(.i32, isFinal: false))
            $0.group(.structure(.abstract(.any)))
            $0.group(.structure(.abstract(.any, isNullable: true)))
            $0.group(SubType(composite: .array(FieldType(storage: .i8, isMutable: false))))
            $0.group(SubType(composite: .array(FieldType(storage: .i16, isMutable: false))))
            $0.group(SubType(composite: .array(FieldType(storage: .value(.i32), isMutable: false))))
        }
        #expect(types.canonicalCount == 8)
    }

    @Test func groupsAreEqualAsWholesOnly() throws {
        let types = try types {
            // A type that refers to itself, twice, and unrolled once.
            $0.group(.structure(.defined(0, isNullable: true)))
            $0.group(.structure(.defined(1, isNullable: true)))
            $0.group(.structure(.defined(0, isNullable: true)))
            // Two that refer to each other, twice, and in the other order.
            $0.group(.structure(.defined(4, isNullable: true)), .structure(.i32, .defined(3)))
            $0.group(.structure(.defined(6, isNullable: true)), .structure(.i32, .defined(5)))
            $0.group(.structure(.i32, .defined(8)), .structure(.defined(7, isNullable: true)))
        }
        #expect((0..<9).map { types.canonicalIndex(of: $0) } == [0, 0, 1, 2, 3, 2, 3, 4, 5])
    }

    @Test func membersOfOneGroupAreDifferent() throws {
        let types = try types {
            $0.group(.function([], []), .function([], []))
            $0.group(.function([], []))
        }
        #expect((0..<3).map { types.canonicalIndex(of: $0) } == [0, 1, 2])
    }

    @Test func declaredSupertypes() throws {
        let types = try types {
            $0.group(.structure(isFinal: false))
            $0.group(.structure(.i32, isFinal: false, below: 0))
            $0.group(.structure(.i32, .i64, isFinal: false, below: 1))
            $0.group(.structure(.i32, .f32, isFinal: false, below: 1))
            $0.group(.structure(.i32, .i64))
        }
        func isBelow(_ type: Int, _ other: Int) -> Bool {
            types.isSubtype(canonical: type, of: other)
        }
        #expect(isBelow(2, 2) && isBelow(2, 1) && isBelow(2, 0) && isBelow(3, 0))
        #expect(!isBelow(0, 2) && !isBelow(2, 3) && !isBelow(4, 1) && !isBelow(1, 4))
        #expect(types.depth(ofCanonical: 2) == 2)
        #expect(types.ancestor(ofCanonical: 3, atDepth: 1) == 1)
    }

    @Test func hierarchyOfHeapTypes() throws {
        let types = try types {
            $0.group(.structure(isFinal: false))
            $0.group(SubType(composite: .array(FieldType(storage: .i8, isMutable: true))))
            $0.group(.function([], []))
        }
        let heaps =
            AbstractHeapType.allCases.map(HeapType.abstract) + (0..<3).map { HeapType.concrete($0) }
        let rows: [HeapType: String] = [
            .abstract(.function): "func", .abstract(.external): "extern", .abstract(.any): "any",
            .abstract(.eq): "eq any", .abstract(.i31): "i31 eq any",
            .abstract(.structure): "struct eq any", .abstract(.array): "array eq any",
            .abstract(.none): "none i31 struct array eq any 0 1",
            .abstract(.noFunction): "nofunc func 2", .abstract(.noExternal): "noextern extern",
            .abstract(.exception): "exn", .abstract(.noException): "noexn exn",
            .concrete(0): "0 struct eq any", .concrete(1): "1 array eq any",
            .concrete(2): "2 func",
        ]
        for heap in heaps {
            let above = Set(heaps.filter { types.isSubtype(heap, of: $0) }.map(\.description))
            #expect(above == Set(rows[heap]?.split(separator: " ").map(String.init) ?? []))
        }
        #expect(types.top(of: .concrete(1)) == .any && types.top(of: .concrete(2)) == .function)
    }

    @Test func fieldsMatchByMutability() throws {
        let types = try types { _ in }
        let any = StorageType.value(.abstract(.any))
        let eq = StorageType.value(.abstract(.eq))
        func field(_ storage: StorageType, _ isMutable: Bool) -> FieldType {
            FieldType(storage: storage, isMutable: isMutable)
        }
        #expect(types.isSubtype(field(eq, false), of: field(any, false)))
        #expect(!types.isSubtype(field(any, false), of: field(eq, false)))
        #expect(!types.isSubtype(field(eq, true), of: field(any, true)))
        #expect(!types.isSubtype(field(eq, true), of: field(eq, false)))
        #expect(!types.isSubtype(field(.i8, false), of: field(.value(.i32), false)))
    }

    @Test func refusedDeclarations() {
        var final = ModuleBuilder()
        final.group(.structure())
        final.group(.structure(below: 0))
        #expect(final.complaint()?.message.hasPrefix("sub type") == true)

        var narrower = ModuleBuilder()
        narrower.group(.structure(.i32, isFinal: false))
        narrower.group(.structure(below: 0))
        #expect(narrower.complaint()?.message.hasPrefix("sub type") == true)

        var forward = ModuleBuilder()
        forward.group(.structure(isFinal: false, below: 1), .structure(isFinal: false))
        #expect(forward.complaint()?.message.hasPrefix("unknown type 1") == true)

        var outside = ModuleBuilder()
        outside.group(.structure(.defined(1)))
        outside.group(.structure())
        #expect(outside.complaint()?.message.hasPrefix("unknown type 1") == true)
    }

    @Test func functionSubtypesAreContravariant() {
        var right = ModuleBuilder()
        right.group(.function([.abstract(.eq)], [.abstract(.any)], isFinal: false))
        right.group(.function([.abstract(.any)], [.abstract(.i31)], below: 0))
        #expect(right.complaint() == nil)

        var wrong = ModuleBuilder()
        wrong.group(.function([.abstract(.any)], [], isFinal: false))
        wrong.group(.function([.abstract(.eq)], [], below: 0))
        #expect(wrong.complaint()?.message.hasPrefix("sub type") == true)
    }

    @Test func tooDeepHierarchies() {
        func chain(of count: UInt32) -> ModuleError? {
            var builder = ModuleBuilder()
            for index in 0..<count {
                builder.group(.structure(isFinal: false, below: index == 0 ? nil : index - 1))
            }
            return builder.complaint()
        }
        #expect(chain(of: 64) == nil)
        #expect(chain(of: 65)?.kind == .limitExceeded)
    }

    @Test func manyTypesTakeLittleTime() throws {
        let types = try types { builder in
            for index in 0..<100_000 as Range<UInt32> {
                builder.group(.structure(.defined(index, isNullable: true)))
            }
        }
        #expect(types.canonicalCount == 1)
    }
}
