import ComponentModel
import Testing
import WasmTypes

/// Sizes, alignments and flat types.
@Suite struct LayoutTests {
    /// Size and alignment with addresses of 32 and of 64 bits, and flat types.
    struct Expected: Sendable {
        var type: String
        var layout32: [Int]
        var layout64: [Int]
        var flat: [FlatType]
    }

    static let expected = [
        Expected(type: "u8", layout32: [1, 1], layout64: [1, 1], flat: [.i32]),
        Expected(
            type: "string", layout32: [8, 4], layout64: [16, 8], flat: [.address, .address]),
        Expected(
            type: "(tuple u8 u64 u16)", layout32: [24, 8], layout64: [24, 8],
            flat: [.i32, .i64, .i32]),
        Expected(type: "(option u8)", layout32: [2, 1], layout64: [2, 1], flat: [.i32, .i32]),
        Expected(
            type: "(result f32 (error u32))", layout32: [8, 4], layout64: [8, 4],
            flat: [.i32, .i32]),
        Expected(
            type: "(result f32 (error f64))", layout32: [16, 8], layout64: [16, 8],
            flat: [.i32, .i64]),
        Expected(
            type: "(result string (error f32))", layout32: [12, 4], layout64: [24, 8],
            flat: [.i32, .address, .address]),
        Expected(
            type: "(result string (error u64))", layout32: [16, 8], layout64: [24, 8],
            flat: [.i32, .i64, .address]),
        Expected(
            type: "(list u64 3)", layout32: [24, 8], layout64: [24, 8],
            flat: [.i64, .i64, .i64]),
        Expected(
            type: "(list u8 100)", layout32: [100, 1], layout64: [100, 1],
            flat: Array(repeating: .i32, count: 17)),
        Expected(
            type: "(map u8 u64)", layout32: [8, 4], layout64: [16, 8],
            flat: [.address, .address]),
    ]

    @Test(arguments: expected)
    func layout(_ expected: Expected) throws {
        let component = try validated("(component (type \(expected.type)))")
        guard case .value(let type) = component.body.spaces.types.first else {
            Issue.record("no type")
            return
        }
        let layout = component.types.layout(of: type)
        #expect([layout.memory32.size, layout.memory32.alignment] == expected.layout32)
        #expect([layout.memory64.size, layout.memory64.alignment] == expected.layout64)
        #expect(layout.flat == expected.flat)
    }

    /// Numbers of cases and flags at which sizes change.
    @Test(arguments: [(1, 1), (256, 1), (257, 2)])
    func discriminants(_ count: Int, _ size: Int) throws {
        let labels = (0..<count).map { "\"c\($0)\"" }.joined(separator: " ")
        let component = try validated("(component (type (enum \(labels))))")
        guard case .value(let type) = component.body.spaces.types.first else {
            Issue.record("no type")
            return
        }
        #expect(component.types.layout(of: type).memory32.size == size)
    }
}
