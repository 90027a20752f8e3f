# The deepest stack below a function, in bytes, from the compiler's call graph.
#
#   awk -v roots="PREFIX..." [-v between="PREFIX..." [-v below="PREFIX..."]] [-v apart="PREFIX..."] -f stack.awk kind=symbols SYMBOLS \
#     kind=code CODE kind=references REFERENCES kind=graph GRAPH
#
# SYMBOLS     readelf -sW IMAGE               CODE   objdump -d --no-show-raw-insn IMAGE
# REFERENCES  readelf -rW IMAGE, linked with --emit-relocs
# GRAPH       the .ci files of gcc -fcallgraph-info=su, one after the other
#
# A function of the library counts the frame and the calls that the compiler names. A function without a .ci file
# (libgcc, memcpy) counts every push and every subtraction from the stack pointer in its code, and runs on into the
# next one unless it ends in a jump. Calls that only the code shows (the compiler's helpers) count for all of them. An
# indirect call counts as the deepest of all functions whose address is in the image, the vector table apart (only the
# processor looks there). Functions that `between` names are called through a table and call through tables themselves,
# but none of each other: an indirect call in them counts as the deepest of the others. Those that `below` names are called
# by these through a table, too, and call all but both so. Functions that `apart` names are called through a table by what
# lies above the roots alone, and count for none. A tail call counts as a call.
# Static functions of the same name count as one, the worst of them.
#
# Prints "PREFIX BYTES" and the path there as a comment. Exits 1 on recursion, on a frame of no fixed size, on an
# indirect call below an indirect call that neither `between` nor `below` allows, and when there is no such function.

function fail(text) {
  print "stack: " text >"/dev/stderr"
  failed = 1
}

# Bytes of a register list "{r4, r5, lr}" or "{d8-d15}".
function listed(text, item, n, k, ends, bytes) {
  sub(/^[^{]*{/, "", text)
  sub(/}.*/, "", text)
  gsub(/ /, "", text)
  n = split(text, item, ",")
  for (k = 1; k <= n; ++k) {
    bytes = item[k] ~ /^d/ ? 8 : 4
    if (split(item[k], ends, "-") == 2) {
      sub(/^[a-z]*/, "", ends[1])
      sub(/^[a-z]*/, "", ends[2])
      bytes *= ends[2] - ends[1] + 1
    }
    total += bytes
  }
}

function number_after(text, mark) {
  sub(".*" mark, "", text)
  sub(/[^0-9].*/, "", text)
  return text + 0
}

# Adds what one instruction takes from the stack to code_frame[function].
function instruction(name, text) {
  total = 0
  if (text ~ /^v?push/ || text ~ /^v?stmdb.*sp!/) {
    listed(text)
  } else if (text ~ /^strd?(\.w)?[ \t].*\[sp, #-[0-9]+\]!/) {
    total = number_after(text, "#-")
  } else if (text ~ /^subw?(\.w)?[ \t]+sp, (sp, )?#/) {
    total = number_after(text, "#")
  } else if (text ~ /^(sub|add|mov)s?w?(\.w)?[ \t]+sp, / && text !~ /^add(\.w)?[ \t]+sp, (sp, )?#/) {
    unbounded[name] = 1
  }
  code_frame[name] += total
}

function edge(from, to) {
  if (!((from, to) in seen_edge)) {
    seen_edge[from, to] = 1
    callees[from] = callees[from] " " to
  }
}

# The one name that stands for all names at an address.
function canonical(name) { return name in same ? same[name] : name }

FNR == 1 { function_name = "" }

kind == "symbols" && ($4 == "OBJECT" || ($4 == "NOTYPE" && $8 ~ /^figures_/)) {
  no_function[$8] = 1
  next
}
kind == "symbols" && $4 == "FUNC" {
  if (!($2 in at)) {
    at[$2] = $8
  }
  same[$8] = at[$2]
  next
}

kind == "code" && /^[0-9a-f]+ <.*>:$/ {
  name = $2
  gsub(/[<>:]/, "", name)
  if (name ~ /^figures_/) {
    next  # a label inside a function
  }
  if (name in no_function) {
    function_name = ""
    next
  }
  name = canonical(name)
  if (function_name != "" && runs_on) {
    edge(function_name, name)
  }
  function_name = name
  runs_on = 1
  next
}
kind == "code" && function_name != "" && /^ *[0-9a-f]+:/ {
  text = $0
  sub(/^ *[0-9a-f]+:[ \t]*/, "", text)
  if (text ~ /^(\.word|\.short|nop|\.\.\.|movs[ \t]+r0, r0)/) {
    next
  }
  instruction(function_name, text)
  operation = $2
  runs_on = !(operation ~ /^(b|b\.n|b\.w|bx)$/ || text ~ /^(pop|ldm).*pc}/ || text ~ /^ldr(\.w)?[ \t]+pc, /)
  if (operation ~ /^(b|cb)/ && match(text, /<[^>+]*/)) {
    to = canonical(substr(text, RSTART + 1, RLENGTH - 1))
    # A jump inside a function calls nothing; Cortex-M0 writes a far one as bl.
    if (to != function_name || (operation ~ /^blx?$/ && substr(text, RSTART + RLENGTH, 1) == ">")) {
      edge(function_name, to)
    }
  } else if (operation ~ /^blx$/ || (operation ~ /^bx$/ && text !~ /bx[ \t]+lr/)) {
    code_indirect[function_name] = 1
  }
  next
}

kind == "references" && /^Relocation section/ {
  section = $3
  next
}
kind == "references" && $3 ~ /^R_ARM_/ && section !~ /debug|vectors|exidx/ && $3 !~ /CALL|JUMP|PREL|PC|NONE|V4BX/ {
  if ($5 in same) {
    address_taken[canonical($5)] = 1
  }
  next
}

kind == "graph" && /^node: / {
  name = $0
  sub(/^node: { title: "/, "", name)
  sub(/".*/, "", name)
  sub(/^.*:/, "", name)
  if ($0 !~ /bytes \(/) {
    next  # defined elsewhere
  }
  name = canonical(name)
  bytes = $0
  sub(/ bytes \(.*/, "", bytes)
  sub(/.*\\n/, "", bytes)
  how = $0
  sub(/.* bytes \(/, "", how)
  sub(/\).*/, "", how)
  if (how == "dynamic") {
    dynamic[name] = 1
  }
  if (!(name in frame) || bytes + 0 > frame[name]) {
    frame[name] = bytes + 0
  }
  next
}
kind == "graph" && /^edge: / {
  from = $0
  sub(/.*sourcename: "/, "", from)
  sub(/".*/, "", from)
  sub(/^.*:/, "", from)
  to = $0
  sub(/.*targetname: "/, "", to)
  sub(/".*/, "", to)
  sub(/^.*:/, "", to)
  if (to == "__indirect_call") {
    indirect[canonical(from)] = 1
  } else {
    edge(canonical(from), canonical(to))
  }
  next
}

# Bytes below the entry of `name`, its own frame included; leaves the way down in path[name].
function depth(name, trail, n, k, list, d, deepest, by) {
  if (name in done) {
    return done[name]
  }
  if (name in open) {
    fail("recursion: " trail " > " name)
    return 0
  }
  open[name] = 1
  if (!(name in frame) && !(name in code_frame)) {
    fail("nothing is known of " name ", which is called by " trail)
  }
  if (name in frame ? name in dynamic : name in unbounded) {
    fail("the frame of " name " has no fixed size")
  }
  n = split(callees[name], list, " ")
  for (k = 1; k <= n; ++k) {
    if (!(list[k] in same)) {
      continue  # not in the image, so the call was optimized away
    }
    d = depth(list[k], trail " > " name)
    if (d > deepest) {
      deepest = d
      by = list[k]
    }
  }
  if (name in frame ? name in indirect : name in code_indirect) {
    if (in_table != "") {
      fail("an indirect call in " name ", which an indirect call can reach by " in_table)
    } else if (table_depth > deepest) {
      deepest = table_depth
      by = table_deepest
    }
  }
  delete open[name]
  path[name] = name " (" own(name) ")" (by == "" ? "" : "\n#     " path[by])
  done[name] = own(name) + deepest
  return done[name]
}
function own(name) { return name in frame ? frame[name] : code_frame[name] + 0 }

function named(name, prefixes, n, k, prefix) {
  n = split(prefixes, prefix, " ")
  for (k = 1; k <= n; ++k) {
    if (index(name, prefix[k]) == 1) return 1
  }
  return 0
}

function floor_of(name) { return named(name, between) ? 2 : named(name, below) }

# The deepest of the functions in tables: those that are neither between nor below, those below, or those between.
function look_through_tables(floor, name, d, most, deepest) {
  for (name in address_taken) {
    if (name !~ /^(main|reset_handler|fault_handler)$/ && !named(name, apart) && floor_of(name) == floor) {
      in_table = floor > 0 ? "" : name
      d = depth(name, "a table")
      if (d > most) {
        most = d
        deepest = name
      }
    }
  }
  in_table = ""
  if (most > table_depth) {
    table_depth = most
    table_deepest = deepest
  }
}

END {
  look_through_tables(0)
  look_through_tables(1)
  split("", done)  # what is called from both sides counts anew, with all tables below it
  look_through_tables(2)
  split("", done)
  n = split(roots, root, " ")
  for (k = 1; k <= n; ++k) {
    most = -1
    for (name in frame) {
      if (index(name, root[k]) == 1 && name in same) {
        d = depth(name, "the program")
        if (d > most) {
          most = d
          deepest_root = name
        }
      }
    }
    if (most < 0) {
      fail("the image has no function " root[k])
    } else {
      print root[k], most
      print "#   " path[deepest_root]
    }
  }
  exit failed
}
