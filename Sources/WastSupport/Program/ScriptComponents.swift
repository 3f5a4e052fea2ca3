// What a script knows of components before it runs: which of its commands each instance is for. An instance of a
// component is planned together with its calls, since these become functions of a module of its own.

internal import ComponentLinking
internal import ComponentModel
internal import WasmBinary

/// A component that a script has defined.
struct ScriptComponent {
    var component: Component
    var bytes: [UInt8]
}

/// An instance of a component that a script has made.
final class ScriptComponentInstance {
    /// The core instance whose exports make the calls, named by their numbers; nil if it could not be made.
    var driver: ScriptInstance?
    /// Why its calls are not made, if they are skipped.
    var skipReason: String?
    /// The calls that are left, by the places of their commands in the script.
    var calls: [Int: Int] = [:]
}

/// The components of a script.
struct ScriptComponents {
    var definitions: [WastName: ScriptComponent] = [:]
    var lastDefinition: ScriptComponent?
    var instances: [WastName: ScriptComponentInstance] = [:]
    /// Nil if the last instance is one of a core module.
    var lastInstance: ScriptComponentInstance?
    /// The core instance whose function traps, and which remembers why.
    var trapInstance: ScriptInstance?
}

extension WastScript {
    /// The places of the commands that call functions of the instance that the command at a place makes.
    func actions(ofInstanceAt place: Int) -> [Int] {
        let name = commands[place].kind.madeInstance?.name
        var isLast = true
        var found: [Int] = []
        for index in commands.indices.suffix(from: place + 1) {
            if let made = commands[index].kind.madeInstance {
                if made.name == name, name != nil { break }
                isLast = false
                if name == nil { break }
            }
            guard let action = commands[index].kind.action else { continue }
            if action.instance.map({ $0 == name }) ?? isLast { found.append(index) }
        }
        return found
    }
}

extension WastCommand.Kind {
    /// The name of the instance that the command makes; nil if it makes none.
    var madeInstance: (name: WastName?, Void)? {
        switch self {
        case .module(_, let name), .instance(let name, _): (name, ())
        default: nil
        }
    }

    /// What is done with an instance.
    var action: WastAction? {
        switch self {
        case .action(let action), .assertReturn(let action, _), .assertTrap(let action, _),
            .assertExhaustion(let action, _), .assertException(let action):
            action
        default: nil
        }
    }
}

extension WastModule {
    /// The bytes of a component; nil for core modules and texts.
    var component: [UInt8]? {
        guard case .binary(let bytes) = self, bytes.count >= 8, bytes[6] == 1 else { return nil }
        return bytes
    }
}

extension ComponentTrap {
    /// The traps that a script's text means.
    static func all(meantBy text: String) -> [ComponentTrap] {
        allCases.filter { $0.number(shownBy: text) != nil }
    }

    /// The number that a script's text shows where the trap's own text has a place for one; -1 if it shows
    /// none. Nil if the text means something else.
    func number(shownBy text: String) -> Int64? {
        let prefix = "wasm trap: "
        let text = text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text
        let parts = self.text.split(separator: "%u", omittingEmptySubsequences: false)
        guard parts.count == 2 else {
            return self.text.hasPrefix(text) || text.hasPrefix(self.text) ? -1 : nil
        }
        guard text.hasPrefix(parts[0]) else { return nil }
        let digits = text.dropFirst(parts[0].count).prefix { $0.isNumber }
        guard let number = Int64(digits) else { return nil }
        let rest = text.dropFirst(parts[0].count + digits.count)
        return parts[1].hasPrefix(rest) || rest.hasPrefix(parts[1]) ? number : nil
    }
}
