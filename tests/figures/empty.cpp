// The start-up alone: what every other image is compared with.
int main() { return 0; }
