# awk -v part=short|full -f render.awk BARS FIGURES: the figures as tables in Markdown.
/^#/ || NF == 0 { next }
FILENAME == ARGV[1] {
  ++bars
  bar[bars] = $0
  next
}
{
  value[$1, $2, $3, $4] = $5
  if (!(($1, $2) in known)) {
    known[$1, $2] = 1
    ++rows
    target[rows] = $1
    contract[rows] = $2
  }
}
function name_of(row, name, by) {
  name = target[row]
  by = sub(/-clang$/, "", name) ? ", by Clang" : ""
  sub(/^cortex-m0plus$/, "Cortex-M0+", name)
  sub(/^cortex-m/, "Cortex-M", name)
  sub(/f$/, "F", name)
  return name by (contract[row] == "separate" ? ", `LINNET_FUSED=OFF`" : "")
}
# 1234567 as 1,234,567
function grouped(n, text) {
  n = n ""
  while (length(n) > 3) {
    text = "," substr(n, length(n) - 2) text
    n = substr(n, 1, length(n) - 3)
  }
  return n text
}
function has(row, level, figure) { return (target[row], contract[row], level, figure) in value }
function number(row, level, figure) { return value[target[row], contract[row], level, figure] + 0 }
function at(row, level, figure) {
  return has(row, level, figure) ? grouped(number(row, level, figure)) : "—"
}
function larger(row, figure, a, b) {
  if (!has(row, "Os", figure)) {
    return "—"
  }
  a = number(row, "O2", figure)
  b = number(row, "Os", figure)
  return grouped(a > b ? a : b)
}

function short_tables(k) {
  print "| core | inference | SGD trainer | everything | stack, `predict` and `step` | instructions, `-O2` | `-Os` |"
  print "|---|--:|--:|--:|--:|--:|--:|"
  for (k = 1; k <= rows; ++k) {
    if (target[k] ~ /^cortex/ && (contract[k] == "fused" || target[k] == "cortex-m0plus")) {
      printf "| %s | %s | %s | %s | %s, %s | %s, %s | %s, %s |\n", name_of(k), at(k, "Os", "flash.inference"),
        at(k, "Os", "flash.trainer"), at(k, "Os", "flash.everything"),
        larger(k, "stack.predict"), larger(k, "stack.step"),
        at(k, "O2", "predict.instructions"), at(k, "O2", "step.instructions"), at(k, "Os", "predict.instructions"),
        at(k, "Os", "step.instructions")
    }
  }
  print "\nThe same with ReLU, mean squared error and Adam:\n"
  adam_table("fused")
  for (k = 1; k <= rows; ++k) {
    if (target[k] == "cortex-m4f" && contract[k] == "fused") {
      printf "\nA classifier of 32 numbers into 6 (softmax cross-entropy, SGD) on a Cortex-M4F: %s bytes of parameters, %s of " \
        "training\nmemory, %s instructions a step at `-O2` and %s at `-Os`; behind a frozen layer %s, %s, %s and %s.\n",
        at(k, "Os", "ram.head.parameters"), at(k, "Os", "ram.head.memory"), at(k, "O2", "head.instructions"),
        at(k, "Os", "head.instructions"), at(k, "Os", "ram.behind.parameters"), at(k, "Os", "ram.behind.memory"),
        at(k, "O2", "behind.instructions"), at(k, "Os", "behind.instructions")
    }
  }
}
# Of the builds of one contract, or of `any`.
function adam_table(which, k) {
  print "| core | Adam trainer | instructions of a step, `-O2` | `-Os` | cycles by a model, `-O2` | `-Os` |"
  print "|---|--:|--:|--:|--:|--:|"
  for (k = 1; k <= rows; ++k) {
    if (has(k, "Os", "adam.instructions") && (which == "any" || contract[k] == which)) {
      printf "| %s | %s | %s | %s | %s | %s |\n", name_of(k), at(k, "Os", "flash.adam"), at(k, "O2", "adam.instructions"),
        at(k, "Os", "adam.instructions"), at(k, "O2", "adam.cycles"), at(k, "Os", "adam.cycles")
    }
  }
}
# A net of head.cpp.
function head_table(net, what, k) {
  for (k = 1; k <= rows; ++k) {
    if (has(k, "Os", net ".instructions")) {
      printf "| %s | %s | %s | %s | %s | %s |\n", name_of(k), what, at(k, "Os", "ram." net ".parameters"),
        at(k, "Os", "ram." net ".memory"), at(k, "O2", net ".instructions"), at(k, "Os", net ".instructions")
    }
  }
}

function full_tables(k, l, level) {
  print "## Flash and RAM, bytes at `-Os`\n"
  print "| core | inference | trainer | tuner | second network | everything | model + training memory" \
    " | `Network` + `Trainer` | writable data of the library |"
  print "|---|--:|--:|--:|--:|--:|--:|--:|--:|"
  for (k = 1; k <= rows; ++k) {
    if (has(k, "Os", "flash.inference")) {
      printf "| %s | %s | %s | %s | %s | %s | %s | %s + %s | %s |\n", name_of(k), at(k, "Os", "flash.inference"),
        at(k, "Os", "flash.trainer"), at(k, "Os", "flash.tuner"), at(k, "Os", "flash.second"),
        at(k, "Os", "flash.everything"), at(k, "Os", "ram.lent"), at(k, "Os", "ram.network"),
        at(k, "Os", "ram.trainer"), at(k, "Os", "library.writable")
    }
  }
  print "\n## Stack, bytes\n"
  print "| core | | `predict`, by call graph | everything linked | painted | `step`, by call graph | everything linked" \
    " | painted | `bind`, by call graph | painted |"
  print "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|"
  for (k = 1; k <= rows; ++k) {
    for (l = 1; l <= 2; ++l) {
      level = l == 1 ? "O2" : "Os"
      if (has(k, level, "stack.step")) {
        printf "| %s | `-%s` | %s | %s | %s | %s | %s | %s | %s | %s |\n", name_of(k), level,
          at(k, level, "stack.predict"),
          at(k, level, "stack.predict.any"), at(k, level, "stack.predict.painted"), at(k, level, "stack.step"),
          at(k, level, "stack.step.any"), at(k, level, "stack.step.painted"), at(k, level, "stack.bind"),
          at(k, level, "stack.bind.painted")
      }
    }
  }
  print "\n## Executed instructions\n"
  print "| core | | an inference | differs by | cycles, estimated | a step | differs by | cycles, estimated |"
  print "|---|---|--:|--:|--:|--:|--:|--:|"
  for (k = 1; k <= rows; ++k) {
    for (l = 1; l <= 2; ++l) {
      level = l == 1 ? "O2" : "Os"
      if (has(k, level, "step.instructions")) {
        printf "| %s | `-%s` | %s | %s | %s | %s | %s | %s |\n", name_of(k), level,
          at(k, level, "predict.instructions"),
          spread(k, level, "predict"), at(k, level, "predict.cycles"), at(k, level, "step.instructions"),
          spread(k, level, "step"), at(k, level, "step.cycles")
      }
    }
  }
  for (k = 1; k <= rows; ++k) {
    if (has(k, "O3", "wide.step")) {
      printf "\nAArch64 with NEON, `-O3`: a step of 784-128-64-10 on 64 samples executes %s instructions, %.3f per " \
        "vector multiply-add\n(14,540,800 multiply-adds, four at a time).\n", at(k, "O3", "wide.step"),
        number(k, "O3", "wide.step") / (14540800 / 4)
      printf "A step of 4-16-16-3 on one sample executes %s, a prediction %s.\n", at(k, "O3", "row.step"),
        at(k, "O3", "row.predict")
    }
  }
  for (k = 1; k <= rows; ++k) {
    if (has(k, "O3", "model.multiply.cortex-a53")) model_table(k)
  }
  print "\n## Adam\n"
  adam_table("any")
  print "\n## A loss of the program's own\n"
  print "| core | bytes of flash of the trainer |"
  print "|---|--:|"
  for (k = 1; k <= rows; ++k) {
    if (has(k, "Os", "flash.own")) {
      printf "| %s | %s |\n", name_of(k), at(k, "Os", "flash.own")
    }
  }
  print "\n## A classifier of 32 numbers into 6\n"
  print "| core | | bytes of parameters | of training memory | instructions of a step, `-O2` | `-Os` |"
  print "|---|---|--:|--:|--:|--:|"
  head_table("head", "by itself")
  head_table("behind", "behind a frozen layer")
  print "\n## What was to be reached\n"
  print "| figure, as in `bars.txt` | worst core and contract | | at most | reached |"
  print "|---|---|---|--:|--:|"
  for (k = 1; k <= bars; ++k) {
    bar_line(bar[k])
  }
}
function spread(row, level, figure) {
  if (has(row, level, figure ".instructions.least")) {
    return grouped(number(row, level, figure ".instructions") - number(row, level, figure ".instructions.least"))
  }
  return at(row, level, figure ".instructions.spread")
}
function model_table(row, l, loops, f) {
  print "\n## Inner loops on AArch64, cycles of a turn by model, and the share of the peak\n"
  print "| loop | vector multiply-adds | Cortex-A53 | Cortex-A72 | Cortex-A76 |"
  print "|---|--:|--:|--:|--:|"
  loops = split("multiply,64,tile of 8 rows by 2 vectors and four terms;panel,64,the same, B transposed or packed;" \
    "outer,24,outer sum of 12 rows by 2 vectors;row,16,one row by 4 vectors and four terms", f, ";")
  for (l = 1; l <= loops; ++l) {
    model_row(row, f[l])
  }
  printf "\nAdam takes %s, %s and %s cycles a parameter there.\n", adam(row, "cortex-a53"), adam(row, "cortex-a72"),
    adam(row, "cortex-a76")
}
function model_row(row, text, f) {
  split(text, f, ",")
  sub(/^[^,]*,[^,]*,/, "", text)
  printf "| %s | %d | %s | %s | %s |\n", text, f[2], share(row, f[1] ".cortex-a53", f[2]),
    share(row, f[1] ".cortex-a72", f[2]), share(row, f[1] ".cortex-a76", f[2] / 2)
}
# least: the cycles at the peak, a multiply-add in each or, on an A76, two
function share(row, figure, least, cycles) {
  if (!has(row, "O3", "model." figure)) return "—"
  cycles = number(row, "O3", "model." figure)
  return sprintf("%.0f (%.0f %%)", cycles, 100 * least / cycles)
}
function adam(row, core) {
  return has(row, "O3", "model.adam." core) ? sprintf("%.1f", number(row, "O3", "model.adam." core) / 4) : "—"
}
# One bar with the worst of the builds it is for.
function bar_line(text, f, k, l, level, v, worst, where) {
  split(text, f, " ")
  worst = -1
  for (k = 1; k <= rows; ++k) {
    for (l = 1; l <= 3; ++l) {
      level = l == 1 ? "O2" : l == 2 ? "Os" : "O3"
      if (target[k] == f[1] && (f[2] == "any" || f[2] == contract[k]) && (f[3] == "any" || f[3] == level) && \
          has(k, level, f[4])) {
        v = number(k, level, f[4])
        if (v > worst) {
          worst = v
          where = name_of(k) " | `-" level "`"
        }
      }
    }
  }
  if (worst >= 0) {
    printf "| %s | %s | %s | %s%s |\n", f[4], where, grouped(f[5]), grouped(worst),
      (worst > f[5] + 0 ? " (missed)" : "")
  }
}

END {
  if (part == "short") short_tables()
  else full_tables()
}
