// Generated instances that nobody imports from are left out.

extension CoreGraph {
    /// The graph without instances from which nothing is needed.
    ///
    /// - Parameters:
    ///   - isNeeded: whether an instance is needed for itself.
    ///   - isGuest: whether its module is one of the component's; it is needed if it does more than to fill
    ///     tables.
    func pruned(
        isNeeded: (Int) -> Bool, isGuest: (Int) -> Bool
    ) -> (graph: CoreGraph, numbers: [Int: Int]) {
        let fillers = tableFillers().filter { isGuest($0.key) }
        var needed: Set<Int> = []
        var rest = instances.indices.filter {
            isNeeded($0) || isGuest($0) && fillers[$0] == nil
        }
        while true {
            while let next = rest.popLast() {
                guard needed.insert(next).inserted else { continue }
                for case .export(let instance, _) in instances[next].imports {
                    rest.append(instance)
                }
            }
            // Whoever fills a table is needed with the table.
            rest = fillers.keys.filter { number in
                !needed.contains(number) && !(fillers[number] ?? []).isDisjoint(with: needed)
            }
            if rest.isEmpty { break }
        }
        var numbers: [Int: Int] = [:]
        for number in instances.indices where needed.contains(number) {
            numbers[number] = numbers.count
        }
        var moduleNumbers: [Int: Int] = [:]
        var result = CoreGraph()
        for number in instances.indices where needed.contains(number) {
            var instance = instances[number]
            if moduleNumbers[instance.module] == nil {
                moduleNumbers[instance.module] = result.modules.count
                result.modules.append(modules[instance.module])
            }
            instance.module = moduleNumbers[instance.module] ?? 0
            instance.imports = instance.imports.map { source in
                guard case .export(let other, let name) = source, let number = numbers[other] else {
                    return source
                }
                return .export(instance: number, name: name)
            }
            result.instances.append(instance)
        }
        return (result, numbers)
    }
}
