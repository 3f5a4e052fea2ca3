import ComponentLinking
import Testing

/// Components whose exports stand for each other's imports.
@Suite struct CompositionTests {
    private static func user(_ name: String, _ type: String = "(func (param \"x\" u32))") -> String
    {
        """
        (component
          (import "\(name)" (instance $i (export "f" \(type))))
          (core func $f (canon lower (func $i "f")))
          (core module $m (import "" "f" (func (param i32))) (memory 1))
          (core instance (instantiate $m (with "" (instance (export "f" (func $f)))))))
        """
    }

    private static func provider(_ name: String, _ more: String = "") -> String {
        """
        (component
          \(more)
          (core module $provider (func (export "f") (param i32)) (memory 1))
          (core instance $p (instantiate $provider))
          (func $f (param "x" u32) (canon lift (core func $p "f")))
          (instance $e (export "f" (func $f)))
          (export "\(name)" (instance $e)))
        """
    }

    @Test(
        "Versions of a track stand for each other",
        arguments: [
            ("a:b/c", "a:b/c", true), ("a:b/c@1.0.0", "a:b/c@1.0.0", true),
            ("a:b/c@1.0.0", "a:b/c@1.7.2", true), ("a:b/c@1.0.0", "a:b/c@2.0.0", false),
            ("a:b/c@0.2.0", "a:b/c@0.2.9", true), ("a:b/c@0.2.0", "a:b/c@0.3.0", false),
            ("a:b/c@0.0.1", "a:b/c@0.0.2", false), ("a:b/c@1.0.0", "a:b/d@1.0.0", false),
            ("a:b/c@1.0.0-rc", "a:b/c@1.0.0", false),
        ])
    func versions(_ wanted: String, _ provided: String, _ fits: Bool) throws {
        let graph = try ComponentText.link(Self.user(wanted), with: [Self.provider(provided)])
        #expect(graph.names.contains("other 0.wasm/provider") == fits)
        #expect(graph.names.contains("host") != fits)
    }

    @Test func oneInstanceServesAll() throws {
        let graph = try ComponentText.link(
            Self.user("a:b/c"),
            with: [
                Self.provider("a:b/c", "(import \"a:b/d\" (instance (export \"f\" (func))))"),
                Self.provider("a:b/d").replacing("(param \"x\" u32)", with: ""),
            ])
        #expect(graph.names.filter { $0.hasSuffix("/provider") }.count == 2)
    }

    @Test func whatDoesNotFitIsSaid() throws {
        let type = try ComponentText.problem(
            Self.user("a:b/c", "(func (param \"x\" s32))"), with: [Self.provider("a:b/c")])
        #expect(
            type == "other 0.wasm exports a:b/c, but not as test.wasm imports it: "
                + "the function f has another type")
        let circle = try ComponentText.problem(
            Self.user("a:b/c"),
            with: [
                Self.provider(
                    "a:b/c", "(import \"a:b/d\" (instance (export \"f\" (func (param \"x\" u32)))))"
                ),
                Self.provider(
                    "a:b/d", "(import \"a:b/c\" (instance (export \"f\" (func (param \"x\" u32)))))"
                ),
            ])
        #expect(
            circle == "other 0.wasm needs itself: the components import from each other in a circle"
        )
    }
}
