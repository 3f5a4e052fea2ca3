"""Bodies that attract one another: fields of floats that are read and written in a loop."""


class Body:
    x: f64
    y: f64
    z: f64
    vx: f64
    vy: f64
    vz: f64
    mass: f64


def energy(bodies: "Array[Body]") -> f64:
    sum = 0.0
    for index in range(len(bodies)):
        body = bodies[index]
        sum += 0.5 * body.mass * (body.vx * body.vx + body.vy * body.vy + body.vz * body.vz)
        for other_index in range(index + 1, len(bodies)):
            other = bodies[other_index]
            dx = body.x - other.x
            dy = body.y - other.y
            dz = body.z - other.z
            sum -= body.mass * other.mass / sqrt(dx * dx + dy * dy + dz * dz)
    return sum


def advance(bodies: "Array[Body]", step: f64) -> None:
    for index in range(len(bodies)):
        body = bodies[index]
        for other_index in range(index + 1, len(bodies)):
            other = bodies[other_index]
            dx = body.x - other.x
            dy = body.y - other.y
            dz = body.z - other.z
            square = dx * dx + dy * dy + dz * dz
            magnitude = step / (square * sqrt(square))
            body.vx = body.vx - dx * other.mass * magnitude
            body.vy = body.vy - dy * other.mass * magnitude
            body.vz = body.vz - dz * other.mass * magnitude
            other.vx = other.vx + dx * body.mass * magnitude
            other.vy = other.vy + dy * body.mass * magnitude
            other.vz = other.vz + dz * body.mass * magnitude
    for index in range(len(bodies)):
        body = bodies[index]
        body.x = body.x + step * body.vx
        body.y = body.y + step * body.vy
        body.z = body.z + step * body.vz


def main() -> None:
    bodies = Array[Body](5)
    for index in range(5):
        far = f64(index * index * 3)
        bodies[index] = Body(far, far * 0.3, far * -0.1, 0.3 * f64(index), 1.5 - far * 0.02, 0.01,
                             40.0 / (1.0 + far * far))
    print(i64(energy(bodies) * 1000000.0))
    for turn in range(8000000):
        advance(bodies, 0.001)
    print(i64(energy(bodies) * 1000000.0))
