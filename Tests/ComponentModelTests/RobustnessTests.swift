import ComponentModel
import TestSupport
import Testing
import WasmTypes

/// Any bytes give a component or an error: nothing here may trap, hang or eat memory.
@Suite struct RobustnessTests {
    /// The sizeable components of some scripts.
    private func components() throws -> [[UInt8]] {
        if let missing = ComponentSuite.missing { try Test.cancel("\(missing)") }
        let scripts = [
            "validation/instantiation", "validation/resources", "async/cross-abi-calls",
            "linking/shared-everything-dynamic-linking", "validation/attributes",
        ]
        return try scripts.compactMap { script in
            try ComponentSuite.modules(of: script).filter(\.isValid).map(\.bytes)
                .max { $0.count < $1.count }
        }
    }

    @Test func truncation() throws {
        for component in try components() {
            #expect(complaint(component) == nil)
            for length in 0..<component.count {
                let error = complaint(Array(component.prefix(length)))
                // Between two sections a shorter component may be whole.
                if let error { #expect(error.offset <= length) } else { #expect(length >= 8) }
            }
        }
    }

    @Test func changedBytes() throws {
        var accepted = 0
        var refused = 0
        for component in try components() {
            for position in 8..<component.count {
                for value in [component[position] ^ 1, 0x41, 0x80] {
                    var changed = component
                    changed[position] = value
                    if complaint(changed) == nil { accepted += 1 } else { refused += 1 }
                }
            }
        }
        // Names and numbers can often be others, but most bytes are structure.
        #expect(accepted > 0 && refused > accepted)
    }

    /// Types of a few bytes each that would be exponentially large written out.
    @Test func exponentialTypes() throws {
        for (first, next) in [
            ("(type $t0 (record (field \"a\" u8)))", "(tuple $t0 $t0)"),
            ("(type $t0 (func))", "(instance (export \"a\" (func (type $t0))))"),
        ] {
            var text = first
            for index in 1..<60 {
                let part =
                    next.hasPrefix("(tuple")
                    ? "(list (tuple $t\(index - 1) $t\(index - 1)))"
                    : "(instance (export \"a\" (\(index == 1 ? "func" : "instance") "
                        + "(type $t\(index - 1)))) (export \"b\" "
                        + "(\(index == 1 ? "func" : "instance") (type $t\(index - 1)))))"
                text += "(type $t\(index) \(part))\n"
            }
            let error = complaint(try component("(component \(text))"))
            #expect(error?.kind == .limitExceeded, "\(error?.description ?? "accepted")")
        }
    }

    /// A chain of types, one in the other.
    @Test func deepTypes() throws {
        var text = "(type $t0 (list u8))"
        for index in 1..<10_000 { text += "(type $t\(index) (option $t\(index - 1)))\n" }
        #expect(complaint(try component("(component \(text))"))?.kind == .limitExceeded)
    }

    /// A large type of a component, compared and substituted over and over.
    @Test func repeatedInstantiation() throws {
        var text = "(component (type $r (resource (rep i32))) (type $type (component"
        text += "(import \"r\" (type $r (sub resource)))\n"
        for index in 0..<2_000 {
            text += "(export \"f\(index)\" (func (param \"a\(index)\" (own $r))))\n"
        }
        text += "))\n(import \"d\" (component $d (type $type)))\n"
        for _ in 0..<900 { text += "(instance (instantiate $d (with \"r\" (type $r))))\n" }
        let error = complaint(try component(text + ")"))
        #expect(error == nil, "\(error?.description ?? "")")
    }
}
