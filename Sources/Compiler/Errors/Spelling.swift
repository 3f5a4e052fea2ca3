// How much two names differ: for "did you mean".

package enum Spelling {
    /// How many bytes to insert, remove, replace or swap with their neighbour to get from one string
    /// to the other.
    static func distance(_ first: String, _ second: String) -> Int {
        let first = Array(first.utf8.prefix(100))
        let second = Array(second.utf8.prefix(100))
        var rows = [Array(0...second.count)]
        for (line, byte) in first.enumerated() {
            var row = [line + 1]
            for (column, other) in second.enumerated() {
                var best = min(
                    rows[line][column] + (byte == other ? 0 : 1), rows[line][column + 1] + 1,
                    row[column] + 1)
                if line > 0, column > 0, byte == second[column - 1], other == first[line - 1] {
                    best = min(best, rows[line - 1][column - 1] + 1)
                }
                row.append(best)
            }
            rows.append(row)
        }
        return rows[first.count][second.count]
    }

    /// The candidate that differs least, if it differs little.
    package static func nearest(to name: String, among candidates: some Sequence<String>) -> String?
    {
        let best = candidates.map { (name: $0, distance: distance($0, name)) }
            .min { ($0.distance, $0.name) < ($1.distance, $1.name) }
        guard let best, best.distance <= max(1, name.utf8.count / 3) else { return nil }
        return best.name
    }
}
