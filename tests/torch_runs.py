#!/usr/bin/env python3
"""Writes tests/torch_runs.hpp: what PyTorch makes of a small network with losses and updates that it has and Linnet has.

The network is 4-5-3 (pinball: 4-5-1), tanh, then linear; weights, inputs, targets and labels are fractions that
tests/torch_test.cpp forms the same way. Everything is in float64, so that what differs is Linnet's rounding alone.

usage: python3 tests/torch_runs.py >tests/torch_runs.hpp      (PyTorch 1.13 or later)
"""
import torch

torch.set_default_dtype(torch.float64)
ROWS, INPUTS, HIDDEN, STEPS = 8, 4, 5, 20


def fraction(k, step, period, over):
    return ((k * step) % period - period // 2) / over


def tensor(count, step, period, over):
    return torch.tensor([fraction(k, step, period, over) for k in range(count)])


def network(outputs):
    net = torch.nn.Sequential(torch.nn.Linear(INPUTS, HIDDEN), torch.nn.Tanh(), torch.nn.Linear(HIDDEN, outputs))
    with torch.no_grad():
        for p, seed in zip(net.parameters(), (37, 11, 29, 13)):
            p.copy_(tensor(p.numel(), seed, 23, 16).reshape(p.shape))
    return net


X = tensor(ROWS * INPUTS, 7, 17, 8).reshape(ROWS, INPUTS)
WEIGHTS = (tensor(ROWS, 3, 5, 2) + 1.0).clamp(min=0.0)  # of rows: some weigh nothing
LABELS = torch.tensor([(5 * b) % 3 for b in range(ROWS)])
IGNORING = torch.where(torch.arange(ROWS) % 3 == 1, 0xffff, LABELS)


def targets(outputs):
    return tensor(ROWS * outputs, 5, 13, 6).reshape(ROWS, outputs)


def unit(outputs):
    return (tensor(ROWS * outputs, 5, 13, 12) + 0.5).clamp(0.0, 1.0).reshape(ROWS, outputs)


def pinball(y):
    e = targets(1) - y
    return torch.maximum(0.9 * e, -0.1 * e).mean()


def policy_gradient(y):
    return -(targets(1).flatten() * torch.log_softmax(y, 1)[torch.arange(ROWS), LABELS]).mean()


F = torch.nn.functional
CLASSES = torch.tensor([1.0, 2.0, 0.5])
LOSSES = {
    "pinball": (1, pinball),
    "policy_gradient": (3, policy_gradient),
    "weighted_squares": (3, lambda y: (WEIGHTS[:, None] * F.mse_loss(y, targets(3), reduction="none")).mean()),
    "weighted_labels": (3, lambda y: (WEIGHTS * F.cross_entropy(y, LABELS, reduction="none")).mean()),
    "weighted_classes": (3, lambda y: (WEIGHTS * F.cross_entropy(y, LABELS, weight=CLASSES, reduction="none")).sum()
                         / CLASSES[LABELS].sum()),
    "positive_weights": (3, lambda y: F.binary_cross_entropy_with_logits(y, unit(3), pos_weight=CLASSES)),
    "ignored_labels": (3, lambda y: F.cross_entropy(y, IGNORING, ignore_index=0xffff)),
    "smooth_l1": (3, lambda y: F.smooth_l1_loss(y, targets(3), beta=0.25)),
    "squares": (3, lambda y: F.mse_loss(y, targets(3))),
}
SGD, ADAM, ADAMW = torch.optim.SGD, torch.optim.Adam, torch.optim.AdamW


def by_group(rule, net, factors, rate, decay, **more):
    w0, b0, w1, b1 = net.parameters()
    groups = [{"params": [p], "lr": rate * f, "weight_decay": d}
              for p, f, d in ((w0, factors[0], decay), (b0, factors[0], 0.0), (w1, factors[1], decay), (b1, factors[1], 0.0))]
    return rule(groups, lr=rate, **more)


RUNS = [
    ("pinball", lambda n: ADAM(n.parameters(), lr=0.01)),
    ("policy_gradient", lambda n: SGD(n.parameters(), lr=0.1, momentum=0.9)),
    ("weighted_squares", lambda n: SGD(n.parameters(), lr=0.1)),
    ("weighted_labels", lambda n: ADAM(n.parameters(), lr=0.01)),
    ("weighted_classes", lambda n: ADAM(n.parameters(), lr=0.01)),
    ("positive_weights", lambda n: SGD(n.parameters(), lr=0.1, momentum=0.9)),
    ("ignored_labels", lambda n: ADAM(n.parameters(), lr=0.01)),
    ("smooth_l1", lambda n: SGD(n.parameters(), lr=0.1)),
    ("adam_amsgrad", lambda n: ADAM(n.parameters(), lr=0.05, betas=(0.8, 0.9), amsgrad=True)),
    ("adamw_amsgrad", lambda n: ADAMW(n.parameters(), lr=0.05, betas=(0.8, 0.9), weight_decay=0.1, amsgrad=True)),
    ("groups", lambda n: by_group(SGD, n, (0.5, 2.0), 0.1, 0.05, momentum=0.9)),
    ("groups_adamw", lambda n: by_group(ADAMW, n, (0.0, 2.0), 0.02, 0.1)),
    ("ascent", lambda n: SGD(n.parameters(), lr=0.02, momentum=0.5, weight_decay=0.01, maximize=True)),
]


def run(name, optimizer_of):
    outputs, loss_of = LOSSES.get(name, LOSSES["squares"])
    net = network(outputs)
    optimizer = optimizer_of(net)
    first = None
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = loss_of(net(X))
        first = loss.item() if first is None else first
        loss.backward()
        optimizer.step()
    values = torch.cat([p.detach().flatten() for p in net.parameters()]).tolist()
    return first, loss_of(net(X)).item(), values


print("// Made by tests/torch_runs.py with PyTorch " + torch.__version__ + ": losses and parameters in float64.")
print("#pragma once\n\n#include <vector>\n\nnamespace torch_runs {\n")
print("struct Run {\n  const char* name;\n  double first_loss, last_loss;    // before the first step, and after 20")
print("  std::vector<double> parameters;  // weights (units, inputs), biases, layer by layer\n};\n")
print("inline std::vector<Run> runs() {\n  return {")
for name, optimizer_of in RUNS:
    first, last, values = run(name, optimizer_of)
    print('      {"%s", %.17g, %.17g, {%s}},' % (name, first, last, ", ".join("%.17g" % v for v in values)))
print("  };\n}\n\n}  // namespace torch_runs")
