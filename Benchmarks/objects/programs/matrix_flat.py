"""Products of matrices whose rows are arrays of numbers."""


class Matrix:
    rows: "Array[Array[f64]]"


def make(size: i32, seed: i32) -> "Matrix":
    rows = Array[Array[f64]](size)
    for y in range(size):
        row = Array[f64](size)
        for x in range(size):
            seed = (seed * 1309 + 13849) & 65535
            row[x] = f64(seed) / 65536.0
        rows[y] = row
    return Matrix(rows)


def transposed(matrix: "Matrix") -> "Matrix":
    size = len(matrix.rows)
    rows = Array[Array[f64]](size)
    for y in range(size):
        row = Array[f64](size)
        for x in range(size):
            row[x] = matrix.rows[x][y]
        rows[y] = row
    return Matrix(rows)


def product(first: "Matrix", second: "Matrix") -> "Matrix":
    size = len(first.rows)
    turned = transposed(second)
    rows = Array[Array[f64]](size)
    for y in range(size):
        row = Array[f64](size)
        left = first.rows[y]
        for x in range(size):
            right = turned.rows[x]
            sum = 0.0
            for z in range(size):
                sum += left[z] * right[z]
            row[x] = sum
        rows[y] = row
    return Matrix(rows)


def add(to: "Matrix", other: "Matrix", factor: f64) -> None:
    for y in range(len(to.rows)):
        left = to.rows[y]
        right = other.rows[y]
        for x in range(len(left)):
            left[x] = left[x] + factor * right[x]


def smooth(levels: "Array[i32]", width: i32, turns: i32) -> i32:
    next = Array[i32](len(levels))
    for turn in range(turns):
        for index in range(1, len(levels) - 1):
            next[index] = (levels[index - 1] + 2 * levels[index] + levels[index + 1]) >> 2
        copy(levels, 0, next, 0, len(levels))
    sum = 0
    for index in range(len(levels)):
        sum += levels[index]
    return sum


def main() -> None:
    size = 400
    first = make(size, 1)
    second = make(size, 2)
    for turn in range(8):
        result = product(first, second)
        for again in range(50):
            add(first, result, 0.0001)
        print(i64(result.rows[turn][turn] * 1000.0))
    levels = Array[i32](20000)
    for index in range(len(levels)):
        levels[index] = index * 7919 % 1000
    print(smooth(levels, 1, 10000))
