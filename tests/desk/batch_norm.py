"""Random networks with BatchNorm1d, and what they compute in 64-bit floats, from the formulas."""
import math
import random

import float64
import safetensors


# ---- Random networks: a list of modules, each (number, kind, its tensors by name, or the name of an activation).

def tensor(generator, shape, mean, deviation):
    """A tensor of a random type, whose values are those of the type."""
    kind = generator.choice(("F32", "F32", "F32", "F64", "F16", "BF16"))
    values = [generator.gauss(mean, deviation) for _ in range(math.prod(shape))]
    return kind, shape, [safetensors.from_bytes(kind, safetensors.to_bytes(kind, x)) for x in values]


def random_norm(generator, width):
    kind, shape, logarithms = tensor(generator, [width], 0.0, 1.0)
    variances = [safetensors.from_bytes(kind, safetensors.to_bytes(kind, math.exp(x))) for x in logarithms]
    norm = {"running_mean": tensor(generator, [width], 0.0, 1.0), "running_var": (kind, shape, variances),
            "num_batches_tracked": ("I64", [], [generator.randrange(2 ** 40)])}
    if generator.random() < 0.7:  # affine
        norm.update(weight=tensor(generator, [width], 1.0, 0.5), bias=tensor(generator, [width], 0.0, 0.5))
    return norm


def random_linear(generator, inputs, units):
    linear = {"weight": tensor(generator, [units, inputs], 0.0, inputs ** -0.5)}
    if generator.random() < 0.6:
        linear["bias"] = tensor(generator, [units], 0.0, 0.5)
    return linear


def random_modules(generator):
    """Linear layers and activations, with BatchNorm before the activation, behind it, both or neither."""
    modules, number = [], 0
    widths = [generator.randint(1, 16) for _ in range(generator.randint(2, 5))]
    for inputs, units in zip(widths, widths[1:]):
        if generator.random() < 0.4:
            modules.append((number, "norm", random_norm(generator, inputs)))
            number += 1
        else:
            number += generator.choice((0, 0, 1))  # a Dropout is not in the file
        modules.append((number, "linear", random_linear(generator, inputs, units)))
        if generator.random() < 0.5:
            number += 1
            modules.append((number, "norm", random_norm(generator, units)))
        modules.append((number + 1, "activation", generator.choice(safetensors.ACTIVATIONS)))
        number += 2
    return modules


def numbered(number, parts):
    return {f"{number}.{part}": parameter for part, parameter in parts.items()}


def tensors_of(modules):
    tensors = {}
    for number, kind, parts in modules:
        tensors.update(numbered(number, parts) if kind != "activation" else {})
    return tensors


def activations_of(modules):
    return ",".join(name for _, kind, name in modules if kind == "activation")


def network(number):
    """(modules, epsilon, what the command line says) of a network that has a BatchNorm."""
    generator = random.Random(2700 + number)
    modules = []
    while not any(kind == "norm" for _, kind, _ in modules):
        modules = random_modules(generator)
    epsilon = generator.choice((None, 1e-3, 0.1))
    said = ["--activations", activations_of(modules)] + ([] if epsilon is None else ["--eps", repr(epsilon)])
    return modules, 1e-5 if epsilon is None else epsilon, said


# ---- What they compute, module by module, in 64-bit floats.

def values(parts, name, otherwise):
    return parts[name][2] if name in parts else otherwise


def scales_and_shifts(parts, epsilon):
    """What a BatchNorm multiplies by, and what it adds, in evaluation mode."""
    means, variances = parts["running_mean"][2], parts["running_var"][2]
    scales = [w / math.sqrt(v + epsilon) for w, v in zip(values(parts, "weight", [1.0] * len(means)), variances)]
    biases = values(parts, "bias", [0.0] * len(means))
    return scales, [b - m * s for b, m, s in zip(biases, means, scales)]


def through_norm(parts, row, epsilon):
    """Numbers are (value, sum of the magnitudes it is made of), since the activation before."""
    means, variances = parts["running_mean"][2], parts["running_var"][2]
    weights, biases = (values(parts, name, [x] * len(means)) for name, x in (("weight", 1.0), ("bias", 0.0)))
    through = []
    for (x, size), mean, variance, weight, bias in zip(row, means, variances, weights, biases):
        deviation = math.sqrt(variance + epsilon)
        through.append(((x - mean) / deviation * weight + bias,
                        (size + abs(mean)) / deviation * abs(weight) + abs(bias)))
    return through


def through_linear(parts, row):
    _, (units, inputs), weights = parts["weight"]
    through = []
    for o, bias in enumerate(values(parts, "bias", [0.0] * units)):
        unit = weights[o * inputs:(o + 1) * inputs]
        through.append((math.fsum([w * x for w, (x, _) in zip(unit, row)] + [bias]),
                        math.fsum([abs(w) * size for w, (_, size) in zip(unit, row)] + [abs(bias)])))
    return through


def predict(modules, row, epsilon):
    """(outputs, scale): the scale is the largest sum of magnitudes on the way, as in float64.predict."""
    scale, row = 1.0, [(x, abs(x)) for x in row]
    for _, kind, parts in modules:
        if kind == "activation":
            row = [(y, abs(y)) for y in (float64.FORMULAS[parts](x) for x, _ in row)]
        else:
            row = through_norm(parts, row, epsilon) if kind == "norm" else through_linear(parts, row)
        scale = max([scale] + [size for _, size in row])
    return [x for x, _ in row], scale


# ---- What a folded layer should be.

def folded(modules, epsilon):
    """[(weights by unit, biases or None, sizes of what the biases are the sum of)] of the Linear layers, in order."""
    layers, before = [], None
    for (number, kind, parts), (_, follower, _) in zip(modules, modules[1:]):
        if kind == "norm" and follower == "linear":
            before = scales_and_shifts(parts, epsilon)
        elif kind == "norm":
            layers[-1] = folded_behind(layers[-1], scales_and_shifts(parts, epsilon))
        elif kind == "linear":
            layers.append(folded_before(parts, before))
            before = None
    return layers


def folded_before(parts, norm):
    _, (units, inputs), weights = parts["weight"]
    matrix = [weights[o * inputs:(o + 1) * inputs] for o in range(units)]
    biases = values(parts, "bias", None)
    if norm is None:
        return matrix, biases, biases and [abs(b) for b in biases]
    scales, shifts = norm
    terms = [[w * t for w, t in zip(unit, shifts)] + [b] for unit, b in zip(matrix, biases or [0.0] * units)]
    matrix = [[w * s for w, s in zip(unit, scales)] for unit in matrix]
    return matrix, [math.fsum(unit) for unit in terms], [math.fsum(map(abs, unit)) for unit in terms]


def folded_behind(layer, norm):
    matrix, biases, sizes = layer
    scales, shifts = norm
    matrix = [[s * w for w in unit] for unit, s in zip(matrix, scales)]
    nothing = [0.0] * len(matrix)
    return (matrix, [s * b + t for s, b, t in zip(scales, biases or nothing, shifts)],
            [abs(s) * b + abs(t) for s, b, t in zip(scales, sizes or nothing, shifts)])
