# Lists the functions that the public headers declare, one a line: `name`, or `Class::name` of a public member.
# With private=1 it lists the types that are private instead: an overload that takes one is no public function.
# Reads what code_only.awk prints. Leaves out deleted and defaulted functions and conversions.
function emit(name) {
  if (private) return
  print (class == "" ? name : class "::" name)
}
{
  sub(/^[^:]*:[0-9]+:/, "")
}
/^(class|struct) [A-Za-z0-9_]+( final)? \{/ {
  class = $2
  visible = ($1 == "struct")
  next
}
/^\};/ { class = ""; next }
/^ (public|private|protected):/ { visible = /public/; next }
/^template </ { next }
private && class != "" && !visible && /^  (struct|class) / { print "linnet::" class "::" $2 }
class != "" && (!visible || !/^  [A-Za-z[]/) { next }
class == "" && !/^[A-Za-z[]/ { next }
/^(inline )?constexpr [^(]* = / { next }  # a constant
/= delete|= default|static_assert|refuse_temporary|^ *(using|return|namespace|extern|enum)/ { next }
class == "" && /[A-Za-z]::[a-z_]+\(/ { next }  # of a class, declared in it
/operator/ {
  if (match($0, /operator(\[\]|\(\)|->|==|!=)\(/)) emit(substr($0, RSTART, RLENGTH - 1))
  next
}
match($0, /[A-Za-z_][A-Za-z0-9_]* ?\(/) {
  name = substr($0, RSTART, RLENGTH - 1)
  sub(/ $/, "", name)
  emit(name)
}
