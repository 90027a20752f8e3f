// What the archive must not have: something that can be written to. targets.sh puts it into a copy.
namespace linnet {
int calls = 1;
}
