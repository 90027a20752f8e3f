# Prints C++ sources without comments and without the contents of string and character literals, line for line.
# (Raw strings are not understood; the library has none.)
BEGIN { in_comment = 0 }
FNR == 1 { in_comment = 0 }
{
  line = $0
  code = ""
  while (line != "") {
    if (in_comment) {
      end = index(line, "*/")
      if (end == 0) break
      line = substr(line, end + 2)
      in_comment = 0
    } else if (substr(line, 1, 2) == "//") {
      break
    } else if (substr(line, 1, 2) == "/*") {
      in_comment = 1
      line = substr(line, 3)
    } else if (match(line, /^"([^"\\]|\\.)*"/) && code !~ /^[ \t]*#[ \t]*include[ \t]*$/) {
      code = code "\"\""
      line = substr(line, RLENGTH + 1)
    } else if (match(line, /^'([^'\\]|\\.)+'/) && code !~ /[0-9a-fA-F]$/) {
      code = code "''"
      line = substr(line, RLENGTH + 1)
    } else {
      code = code substr(line, 1, 1)
      line = substr(line, 2)
    }
  }
  print FILENAME ":" FNR ":" code
}
