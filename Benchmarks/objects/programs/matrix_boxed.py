"""Products of matrices whose elements are objects, as complex numbers are in many languages."""


class Complex:
    real: f64
    imaginary: f64

    def plus(self, other: "Complex") -> "Complex":
        return Complex(self.real + other.real, self.imaginary + other.imaginary)

    def times(self, other: "Complex") -> "Complex":
        return Complex(self.real * other.real - self.imaginary * other.imaginary,
                       self.real * other.imaginary + self.imaginary * other.real)


def make(size: i32, seed: i32) -> "Array[Array[Complex]]":
    rows = Array[Array[Complex]](size)
    for y in range(size):
        row = Array[Complex](size)
        for x in range(size):
            seed = (seed * 1309 + 13849) & 65535
            row[x] = Complex(f64(seed & 255) / 256.0, f64(seed >> 8) / 256.0)
        rows[y] = row
    return rows


def product(first: "Array[Array[Complex]]", second: "Array[Array[Complex]]") -> "Array[Array[Complex]]":
    size = len(first)
    rows = Array[Array[Complex]](size)
    for y in range(size):
        row = Array[Complex](size)
        for x in range(size):
            sum = Complex(0.0, 0.0)
            for z in range(size):
                sum = sum.plus(first[y][z].times(second[z][x]))
            row[x] = sum
        rows[y] = row
    return rows


def main() -> None:
    size = 250
    matrix = make(size, 3)
    other = make(size, 4)
    for turn in range(3):
        result = product(matrix, other)
        print(i64(result[turn][turn].real * 1000.0))
        print(i64(result[turn][turn].imaginary * 1000.0))
