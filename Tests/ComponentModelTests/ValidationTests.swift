import ComponentModel
import Testing
import WasmTypes

/// Rules of validation that the official suite does not test, and the words of errors.
@Suite struct ValidationTests {
    private func message(
        _ text: String, features: ComponentFeatureSet = suiteFeatures
    ) throws -> String? {
        complaint(try component("(component \(text))"), features: features)?.description
    }

    /// A resource may be exported again as one of which nothing is known.
    @Test func ascribedResources() throws {
        let text = """
            (type $r (resource (rep i32)))
            (export $a "a" (type $r))
            (export $b "b" (type $r) (type (sub resource)))
            """
        #expect(try message(text) == nil)
        let component = try validated("(component (component $c \(text)))")
        let inner = component.types[component.body.components[0].type]
        #expect(inner.definedResources.count == 2)
    }

    @Test func namesOfInterfacesAndFunctions() throws {
        let instance = "(instance (export \"f\" (func (param \"x\" "
        let text = """
            (import "a:b/c@1.0.0" \(instance) u32)))))
            (component $c (import "a:b/c@1.0.0" \(instance) string))))))
            (instance (instantiate $c (with "a:b/c@1.0.0" (instance 0))))
            """
        let error = try #require(try message(text))
        for part in [
            "invalid component", "a:b/c@1.0.0", "function \"f\"", "parameter \"x\"",
            "expected string, found u32",
        ] {
            #expect(error.contains(part), "\(error)")
        }
    }

    @Test func namesOfLoweredFunctions() throws {
        let text = """
            (import "a:b/c@1.0.0" (instance $i (export "f" (func (param "x" string)))))
            (alias export $i "f" (func $f))
            (core func (canon lower (func $f)))
            """
        let error = try #require(try message(text))
        #expect(error.contains("memory is required") && error.contains("a:b/c@1.0.0#f"), "\(error)")
    }

    @Test func errorsInModules() throws {
        let text = "(core module (func (result i32)))"
        #expect(try message(text)?.hasPrefix("invalid module at 0x") == true)
    }

    /// Features by the names that other tools have for them.
    @Test(arguments: [
        ("(import \"v\" (value string))", "cm-values"),
        ("(import \"a:b:c/d\" (func))", "cm-nested-names"),
        ("(type (list u8 4))", "cm-fixed-length-lists"),
        ("(type error-context)", "cm-error-context"),
        ("(type (resource (rep i64)))", "cm64"),
        ("(core func (canon subtask.cancel async))", "cm-more-async-builtins"),
        ("(core func (canon thread.index))", "cm-threading"),
    ])
    func gatedFeatures(_ text: String, _ name: String) throws {
        let error = try #require(try message(text, features: .stable))
        #expect(error.hasPrefix("unsupported feature") && error.contains(name), "\(error)")
        if name != "cm-values" { #expect(try message(text, features: .all) == nil) }
        var others = ComponentFeatureSet.all
        others = ComponentFeatureSet(others.features.filter { $0.name != name })
        #expect(try message(text, features: others)?.contains(name) == true)
    }

    @Test(arguments: ["cm-async", "cm-map", "cm-implements"])
    func stableFeatures(_ name: String) throws {
        let texts = [
            "cm-async": "(type (future u8))", "cm-map": "(type (map u8 string))",
            "cm-implements": "(import \"a\" (external-id \"x\") (func))",
        ]
        let text = try #require(texts[name])
        #expect(try message(text, features: .stable) == nil)
        #expect(try message(text, features: ComponentFeatureSet())?.contains(name) == true)
    }

    /// Every value is used exactly once.
    @Test func values() {
        let value: [UInt8] = [0, 0x61, 0x73, 0x6D, 0x0D, 0, 1, 0, 12, 4, 1, 0x7D, 1, 42]
        func export(_ name: UInt8) -> [UInt8] { [11, 7, 1, 0, 1, name, 2, 0, 0] }
        #expect(complaint(value + export(0x61), features: .all) == nil)
        #expect(complaint(value, features: .all)?.message.contains("not used") == true)
        let twice = complaint(value + export(0x61) + export(0x62), features: .all)
        #expect(twice?.message.contains("more than once") == true)
        #expect(complaint(value + export(0x61), features: .stable)?.kind == .unsupported)
    }

    /// Values are what their types say, with nothing behind them.
    @Test func valueContents() {
        func kind(_ type: UInt8, _ value: [UInt8]) -> ModuleError.Kind? {
            let preamble: [UInt8] = [0, 0x61, 0x73, 0x6D, 0x0D, 0, 1, 0]
            let count = UInt8(value.count)
            let body: [UInt8] = [12, count + 3, 1, type, count] + value
            return complaint(
                preamble + body + [11, 7, 1, 0, 1, 0x61, 2, 0, 0], features: .all)?.kind
        }
        #expect(kind(0x7F, [1]) == nil && kind(0x7F, [2]) == .malformed)
        #expect(kind(0x7B, [0xFF, 0xFF, 0x03]) == nil)
        #expect(kind(0x7B, [0x80, 0x80, 0x04]) == .malformed)
        #expect(
            kind(0x76, [0, 0, 0xC0, 0x7F]) == nil && kind(0x76, [1, 0, 0xC0, 0x7F]) == .malformed)
        #expect(kind(0x74, [0xC3, 0xA4]) == nil && kind(0x74, [0xC3]) == .malformed)
        #expect(kind(0x73, [2, 0x68, 0x69]) == nil && kind(0x73, [2, 0x68]) == .malformed)
        #expect(kind(0x7D, [1, 2]) == .malformed)
    }

    @Test func mapKeys() throws {
        #expect(try message("(type (map string u8))") == nil)
        #expect(try message("(type (map f32 u8))")?.contains("keys of a map") == true)
    }
}
