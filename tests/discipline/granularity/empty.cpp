// The program around the library: what it costs to link nothing.
int main() { return 0; }
