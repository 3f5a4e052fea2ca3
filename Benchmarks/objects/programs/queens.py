"""Queens on a board, with lists that are shared between attempts."""


class Queen:
    column: i32
    rest: "Queen"


def is_safe(column: i32, queens: "Queen") -> i32:
    distance = 1
    while queens is not None:
        other = queens.column
        if other == column or other == column + distance or other == column - distance:
            return 0
        distance += 1
        queens = queens.rest
    return 1


def place(row: i32, size: i32, queens: "Queen") -> i32:
    if row == size:
        return 1
    found = 0
    for column in range(size):
        if is_safe(column, queens):
            found += place(row + 1, size, Queen(column, queens))
    return found


def main() -> None:
    for size in range(8, 12):
        print(place(0, size, None))
    print(place(0, 12, None))
