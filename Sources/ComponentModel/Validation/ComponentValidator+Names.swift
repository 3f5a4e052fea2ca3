// Rules for names and their attributes (Binary.md, notes of "Import and Export Definitions").

import WasmTypes

extension ComponentValidator {
    /// Labels have to be in kebab case, and different from each other also where case does not count.
    func checkLabels(_ labels: [String], of what: StaticString) throws(ModuleError) {
        var seen: Set<String> = []
        for label in labels {
            guard ParsedName.isLabel(label.utf8) else {
                throw invalid("\(what) name \"\(label.printable)\" is not in kebab case")
            }
            guard seen.insert(label.lowercased()).inserted else {
                throw invalid(
                    "\(what) name \"\(label)\" conflicts with previous \(what) name: they differ "
                        + "in nothing that counts")
            }
        }
    }

    /// Checks a name with its attributes.
    ///
    /// - Returns: the form in which it has to be different from others.
    mutating func canonicalName(
        _ name: ExternalName, of item: ItemType, as side: Side
    ) throws(ModuleError) -> String {
        let names = side == .import ? scope.importNames : scope.exportNames
        return try canonicalName(name, of: item, as: side, in: names)
    }

    mutating func canonicalName(
        _ name: ExternalName, of item: ItemType, as side: Side, in names: NameScope
    ) throws(ModuleError) -> String {
        guard let parsed = ParsedName(name.name) else {
            throw invalid(
                "\(side.word) name \"\(name.name.printable)\" is not a valid extern name: neither "
                    + "in kebab case nor that of an interface")
        }
        if let path = InterfacePath(name.name), path.isNested {
            try require(.nestedNames, for: "the name \"\(name.name)\"")
        }
        try checkAttributes(of: name, parsed, item)
        if let complaint = complaint(about: parsed, item, names) {
            throw invalid("\(side.word) name \"\(name.name)\" is not valid: \(complaint)")
        }
        return ParsedName.canonical(name.name)
    }

    private mutating func checkAttributes(
        of name: ExternalName, _ parsed: ParsedName, _ item: ItemType
    ) throws(ModuleError) {
        if let implements = name.implements {
            try require(.implements, for: "the attribute implements")
            guard case .label = parsed else {
                throw invalid("name \"\(name.name)\" is not valid with implements")
            }
            guard case .instance = item else {
                throw invalid("\"\(name.name)\": only instances can have an implements")
            }
            guard case .interface(let version) = ParsedName(implements) else {
                throw invalid(
                    "\"\(implements.printable)\", which \"\(name.name)\" implements, must be an "
                        + "interface")
            }
            try checkVersion(version, suffix: nil, of: implements)
        }
        if name.externalID != nil { try require(.implements, for: "the attribute external-id") }
        var version: String?
        if case .interface(let written) = parsed { version = written }
        if let suffix = name.versionSuffix {
            try require(.canonicalNames, for: "the attribute versionsuffix")
            guard version != nil else {
                throw invalid(
                    "\"\(name.name)\" has a versionsuffix \"\(suffix.printable)\" and no version")
            }
        }
        try checkVersion(version, suffix: name.versionSuffix, of: name.name)
    }

    private mutating func checkVersion(
        _ version: String?, suffix: String?, of name: String
    ) throws(ModuleError) {
        guard let version else { return }
        if let suffix {
            guard SemanticVersion.isCanonical(version), SemanticVersion.isValid(version + suffix)
            else {
                throw invalid(
                    "\"\(name)\" with the versionsuffix \"\(suffix.printable)\" has no valid version"
                )
            }
            return
        }
        if SemanticVersion.isValid(version) { return }
        guard SemanticVersion.isCanonical(version), features.contains(.canonicalNames) else {
            throw invalid(
                "\"\(name.printable)\": \"\(version.printable)\" is not a semantic version")
        }
        try require(.canonicalNames, for: "the version \"\(version)\"")
    }

    // Annotations -----------------------------------------------------------------------------

    /// Says what is wrong with an item of a name that is annotated.
    private func complaint(
        about name: ParsedName, _ item: ItemType, _ names: NameScope
    ) -> String? {
        let resource: String
        switch name {
        case .label, .interface: return nil
        case .constructor(let label), .method(let label), .static(let label): resource = label
        }
        guard case .function(let type) = item else { return "the item is not a func" }
        let function = types[type]
        switch name {
        case .label, .interface: return nil
        case .static:
            return names.allResourceNames.contains(resource)
                ? nil : "no resource \"\(resource)\" is known here"
        case .constructor:
            if function.isAsync { return "a constructor cannot be async" }
            guard let result = function.result else { return "it should return one value" }
            guard let reference = owned(result) else {
                return "it should return own<\(resource)> or result<own<\(resource)>>"
            }
            return complaint(about: reference, named: resource, names)
        case .method:
            guard let first = function.parameters.first else {
                return "it should have at least one argument"
            }
            guard first.label == "self" else {
                return "it should have a first argument called \"self\""
            }
            guard case .borrow(let reference) = types[first.type] else {
                return "it should take a first argument of borrow<\(resource)>"
            }
            return complaint(about: reference, named: resource, names)
        }
    }

    /// The resource of an own, or of the own that a result has.
    private func owned(_ type: ValueTypeID) -> ResourceReference? {
        switch types[type] {
        case .own(let reference): return reference
        case .result(let success?, _):
            if case .own(let reference) = types[success] { return reference }
            return nil
        default: return nil
        }
    }

    private func complaint(
        about reference: ResourceReference, named name: String, _ names: NameScope
    ) -> String? {
        guard let actual = names.resourceNames[reference] else {
            return "the resource in its type does not have a name in this context"
        }
        return actual == name ? nil : "the resource in its type is \"\(actual)\""
    }
}
