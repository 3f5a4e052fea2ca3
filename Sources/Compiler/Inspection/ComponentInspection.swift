// What a component contains, for people and for scripts: the result of `smelt inspect` for one.

internal import ComponentModel
internal import FoundationEssentials
internal import WasmTypes

/// A description of a component.
public struct ComponentInspection: Encodable, Sendable, Hashable {
    /// `component`.
    public var kind = "component"
    /// The size of the file in bytes.
    public var size: Int
    /// How many core modules are in it, and in the components in it.
    public var moduleCount: Int
    /// How many components are in it.
    public var componentCount: Int
    /// The names of what it imports, in its order.
    public var imports: [String]
    /// The names of what it exports, in its order.
    public var exports: [String]
    /// What it uses of the Component Model that came after WASI 0.2, by the names of other tools.
    public var features: [String]
    /// Its world and the interfaces that are in it, in WIT.
    public var wit: String

    /// Describes a component, which must be valid; nil if the input is something else.
    ///
    /// - Parameters:
    ///   - input: The component, binary or text.
    ///   - toolchain: Where wasm-tools is looked for if the input is text.
    public init?(
        of input: CompilerInput, toolchain: Toolchain = .ofThisExecutable
    ) async throws(CompilerError) {
        do throws(CompilerError) {
            let bytes = try await input.binary(toolchain)
            guard InputFormat(of: bytes) == .component else { return nil }
            self.init(try Self.load(bytes))
        } catch {
            throw error.about(input)
        }
    }

    /// What is not enabled by default is shown all the same.
    private static func load(_ bytes: [UInt8]) throws(CompilerError) -> ValidatedComponent {
        do throws(ModuleError) {
            return try validate(try Component.decode(bytes), of: bytes, features: .all)
        } catch {
            throw CompilerError(.module(error))
        }
    }

    private init(_ component: ValidatedComponent) {
        size = component.bytes.count
        (moduleCount, componentCount) = Self.counts(component.body)
        imports = component.type.imports.names.map(\.name)
        exports = component.type.exports.names.map(\.name)
        features = component.usedFeatures.features.map(\.name)
        wit = component.wit
    }

    private static func counts(_ body: ComponentBody) -> (modules: Int, components: Int) {
        var counts = (modules: body.modules.count, components: body.components.count)
        for component in body.components {
            let inner = Self.counts(component)
            counts.modules += inner.modules
            counts.components += inner.components
        }
        return counts
    }

    /// The description as JSON, with sorted keys.
    public var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        // Nothing in here fails to encode: strings, numbers and lists of them.
        let data = (try? encoder.encode(self)) ?? Data()
        return String(decoding: data, as: UTF8.self).printableJSON
    }

    /// The description as text for people, which is also WIT.
    public var text: String {
        let features = features.isEmpty ? "" : "; uses \(features.joined(separator: ", "))"
        let parts =
            "\(moduleCount) core module\(moduleCount == 1 ? "" : "s"), "
            + "\(componentCount) component\(componentCount == 1 ? "" : "s")"
        // Who prints it ends the last line.
        return "// component, \(size) bytes, \(parts)\(features)\n\n"
            + (wit.hasSuffix("\n") ? String(wit.dropLast()) : wit)
    }
}
