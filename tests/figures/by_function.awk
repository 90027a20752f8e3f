# awk -v region=NAME -f by_function.awk SYMBOLS PROFILE: executed instructions by function, "COUNT NAME".
# SYMBOLS: nm -nC, in the order of addresses; PROFILE: as count_instructions.c writes it.
function number(hex, value, k) {
  for (k = 1; k <= length(hex); ++k) {
    value = value * 16 + index("0123456789abcdef", substr(hex, k, 1)) - 1
  }
  return value
}
NR == FNR {
  start[++functions] = number($1)
  sub(/^[0-9a-f]+ [A-Za-z] /, "")
  name[functions] = $0
  next
}
$1 == region {
  address = number($2)
  low = 1
  high = functions
  while (low < high) {
    middle = int((low + high + 1) / 2)
    if (start[middle] <= address) low = middle
    else high = middle - 1
  }
  count[name[low]] += $3
}
END {
  for (function_name in count) print count[function_name], function_name
}
