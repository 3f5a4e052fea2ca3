// Scripts as `wasm-tools json-from-wast` writes them: one JSON object per command, modules in
// files beside it. The fields are those of wabt's spectest-interp, with some of wasm-tools' own.

package import Compiler
internal import ComponentLinking
internal import FoundationEssentials
package import SystemPackage

extension WastScript {
    /// Reads a converted script.
    ///
    /// - Parameters:
    ///   - json: The path of the JSON file.
    ///   - folder: Where the modules are.
    package init(name: String, json: FilePath, folder: FilePath) throws(CompilerError) {
        let bytes = try withFiles { () throws(FileError) in try Files.read(json) }
        let document: JSONDocument
        do {
            document = try JSONDecoder().decode(JSONDocument.self, from: Data(bytes))
        } catch {
            throw CompilerError(.file(json, reason: "not a script: \(error)"))
        }
        self.init(name: name, commands: [])
        for command in document.commands {
            commands.append(
                WastCommand(line: command.line, kind: try command.kind(folder: folder)))
        }
    }
}

private struct JSONDocument: Decodable {
    var commands: [JSONCommand]
}

private struct JSONCommand: Decodable {
    var type: String
    var line: Int
    var name: String?
    var text: String?
    var `as`: String?
    var instance: String?
    var module: String?
    var filename: String?
    /// The translation of a module in the text format, if it could be translated.
    var binary_filename: String?
    var action: JSONAction?
    var expected: [JSONValue]?

    func kind(folder: FilePath) throws(CompilerError) -> WastCommand.Kind {
        let text = text ?? ""
        switch type {
        case "module": return .module(try source(folder), name: name.map(WastName.init))
        case "module_definition":
            return .definition(try source(folder), name: name.map(WastName.init))
        case "module_instance":
            return .instance(
                name: instance.map(WastName.init), definition: module.map(WastName.init))
        case "register":
            return .register(WastName(`as` ?? ""), instance: name.map(WastName.init))
        case "assert_malformed": return .assertMalformed(try source(folder), text: text)
        case "assert_invalid": return .assertInvalid(try source(folder), text: text)
        case "assert_unlinkable": return .assertUnlinkable(try source(folder), text: text)
        case "assert_uninstantiable":
            return .assertUninstantiable(try source(folder), text: text)
        default: break
        }
        guard let action = action?.action else { return .unknown(type) }
        switch type {
        case "action": return .action(action)
        case "assert_return":
            return .assertReturn(action, (expected ?? []).map(\.pattern))
        case "assert_trap": return .assertTrap(action, text: text)
        case "assert_exhaustion": return .assertExhaustion(action, text: text)
        case "assert_exception": return .assertException(action)
        default: return .unknown(type)
        }
    }

    private func source(_ folder: FilePath) throws(CompilerError) -> WastModule {
        let name = binary_filename ?? filename ?? ""
        let file = folder.appending(name)
        guard name.hasSuffix(".wasm") else { return .text(file, binary: nil) }
        return .binary(try withFiles { () throws(FileError) in try Files.read(file) })
    }
}

private struct JSONAction: Decodable {
    var type: String
    var module: String?
    var field: String?
    var args: [JSONValue]?

    var action: WastAction? {
        let kind: WastAction.Kind
        switch type {
        case "invoke": kind = .invoke((args ?? []).map(\.value))
        case "get": kind = .get
        default: return nil
        }
        var action = WastAction(
            instance: module.map(WastName.init), field: WastName(field ?? ""), kind: kind)
        action.componentArguments = (args ?? []).map(\.component)
        return action
    }
}

private struct JSONValue: Decodable {
    private var type: String
    private var lane_type: String?
    /// A number, the lanes of a vector, or whatever a component's value is made of.
    private var content: JSONTree?
    /// The alternatives of `either`.
    private var values: [JSONValue]?

    private enum CodingKeys: String, CodingKey {
        case type, lane_type, values
        case content = "value"
    }

    var value: WastValue {
        WastValue(type: type, lane: lane_type, words: content?.words ?? [])
    }

    var pattern: WastPattern {
        if type == "either" { return WastPattern(either: (values ?? []).map(\.pattern)) }
        var pattern = WastPattern(type: type, lane: lane_type, words: content?.words)
        pattern.component = component
        return pattern
    }

    /// The same as a value of a component; nil if it cannot be one.
    var component: ComponentValue? { ComponentValue(type: type, content ?? .null) }
}
