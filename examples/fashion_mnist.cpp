// Learns to tell ten kinds of clothing apart: Fashion-MNIST, 28x28 pixels, 60,000 images to learn from.
// The images are in std::vector, for this is a program for a computer; network and trainer use static memory only.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include <linnet/linnet.hpp>

#include "console.hpp"
#include "idx.hpp"

namespace ln = linnet;

static constexpr std::size_t kTrain = 60000;
static constexpr std::size_t kTest = 10000;
static constexpr std::size_t kSide = 28;
static constexpr std::size_t kPixels = kSide * kSide;
static constexpr std::size_t kClasses = 10;
static constexpr const char* kNames[kClasses] = {"T-shirt", "trousers", "pullover", "dress", "coat",
                                                 "sandal",  "shirt",    "sneaker",  "bag",   "ankle boot"};

static constexpr auto kShape = ln::topology(kPixels, {{256, ln::activation::relu},
                                                      {128, ln::activation::relu},
                                                      {100, ln::activation::relu},
                                                      {kClasses, ln::activation::identity}});
// Chosen on 10,000 of the training images, held out; never on test images.
static constexpr float kRate = 0.002f;
static constexpr std::size_t kBatch = 128;
static constexpr ln::TrainerConfig kConfig{ln::loss::softmax_cross_entropy.with_label_smoothing(0.1f),
                                           ln::optimizer::adam(kRate), kBatch};
static constexpr std::uint64_t kStepsPerEpoch = (kTrain + kBatch - 1) / kBatch;

alignas(ln::kAlignment) static float model[ln::parameter_floats(kShape)];
alignas(ln::kAlignment) static float memory[ln::trainer_floats(kShape, kConfig)];
alignas(ln::kAlignment) static float scratch[ln::predictor_floats(kShape)];
static std::uint32_t order[kTrain];
static float inputs[kBatch][kPixels];
static std::uint16_t labels[kBatch];
static float outputs[kBatch][kClasses];

static constexpr const char* kInstalled = "/usr/share/datasets/fashion-mnist";
static constexpr char kUsage[] =
    "usage: fashion_mnist [--data DIR] [--epochs N] [--seed N]\n"
    "  --data DIR  where the four .gz files are (/usr/share/datasets/fashion-mnist)\n"
    "  --epochs N  how often to go through the 60,000 images (12)\n"
    "  --seed N    seed of the first weights and of the order of the images (0)\n";

struct Data {
  std::vector<std::uint8_t> images;  // (count, pixels)
  std::vector<std::uint8_t> labels;  // (count)
};

struct Run {
  Data train;
  Data test;
  std::uint64_t epochs = 12;
  ln::Network network;
  ln::Trainer trainer;
  ln::Predictor predictor;
  console::Bar bar;
  console::Stopwatch since;  // the start
  console::Stopwatch steps;
  double loss = 0.0;                               // mean over this epoch, as far as it has come
  std::size_t predicted[kClasses][kClasses] = {};  // [what it is][what it was taken for], of the test images
  std::size_t correct = 0;                         // of the test images
  [[nodiscard]] double accuracy() const { return 100.0 * static_cast<double>(correct) / static_cast<double>(kTest); }
};

static std::string read(const std::string& stem, std::uint32_t count, Data& data) {
  std::string wrong = idx::read(stem + "-images-idx3-ubyte.gz", {count, kSide, kSide}, data.images);
  if (!wrong.empty()) return wrong;
  const std::string path = stem + "-labels-idx1-ubyte.gz";
  wrong = idx::read(path, {count}, data.labels);
  if (!wrong.empty()) return wrong;
  for (std::size_t i = 0; i < count; ++i) {
    if (data.labels[i] >= kClasses) {
      return path + ": label " + std::to_string(data.labels[i]) + " of image " + std::to_string(i) + " is above 9";
    }
  }
  return "";
}

// Puts one image into row b of the batch. About zero mean and unit deviation: 73 and 90 are those of all pixels.
// A whole number is taken off and then one multiplication rounds: the same bits from every compiler, which a float
// subtraction would not give, as compilers may join it with the multiplication.
static void load(const Data& data, std::size_t image, std::size_t b) {
  labels[b] = data.labels[image];
  const std::uint8_t* pixels = data.images.data() + image * kPixels;
  for (std::size_t i = 0; i < kPixels; ++i) inputs[b][i] = static_cast<float>(pixels[i] - 73) * (1.0f / 90.0f);
}

static std::size_t rows_from(std::size_t first, std::size_t end) { return end - first < kBatch ? end - first : kBatch; }

static std::uint64_t all_steps(const Run& run) { return run.epochs * kStepsPerEpoch; }

static void draw(Run& run) {
  const std::uint64_t step = run.trainer.steps();
  const double per_step = run.since.running() / static_cast<double>(step);
  char caption[32];
  char note[48];
  std::snprintf(caption, sizeof caption, "%5" PRIu64, (step - 1) / kStepsPerEpoch + 1);
  std::snprintf(note, sizeof note, "loss %.4f, %.0f s left", run.loss,
                per_step * static_cast<double>(all_steps(run) - step));
  run.bar.draw(caption, (step - 1) % kStepsPerEpoch + 1, kStepsPerEpoch, note);
}

static ln::Status train_pass(Run& run, ln::Pcg32& rng) {
  rng.shuffle(order);
  double sum = 0.0;
  for (std::size_t first = 0; first < kTrain; first += kBatch) {
    const std::size_t rows = rows_from(first, kTrain);
    for (std::size_t b = 0; b < rows; ++b) load(run.train, order[first + b], b);
    const std::uint64_t left = all_steps(run) - run.trainer.steps();
    const float rate = kRate * static_cast<float>(left) / static_cast<float>(all_steps(run));
    if (auto s = run.trainer.set_learning_rate(rate); s != ln::Status::ok) return s;
    run.steps.start();
    const ln::Status status = run.trainer.step(ln::ConstRows(inputs[0], rows, kPixels), ln::Labels(labels, rows));
    run.steps.stop();
    if (status != ln::Status::ok) return status;
    sum += static_cast<double>(run.trainer.loss()) * static_cast<double>(rows);
    run.loss = sum / static_cast<double>(first + rows);
    draw(run);
  }
  return ln::Status::ok;
}

static ln::Status test(Run& run) {
  run.correct = 0;
  for (auto& row : run.predicted) {
    for (std::size_t& count : row) count = 0;
  }
  for (std::size_t first = 0; first < kTest; first += kBatch) {
    const std::size_t rows = rows_from(first, kTest);
    for (std::size_t b = 0; b < rows; ++b) load(run.test, first + b, b);
    const ln::Status status =
        run.predictor.predict(ln::ConstRows(inputs[0], rows, kPixels), ln::Rows(outputs[0], rows, kClasses));
    if (status != ln::Status::ok) return status;
    for (std::size_t b = 0; b < rows; ++b) {
      const std::size_t taken_for = console::largest(outputs[b]);
      ++run.predicted[labels[b]][taken_for];
      run.correct += taken_for == labels[b] ? 1 : 0;
    }
  }
  return ln::Status::ok;
}

static ln::Status set_up(Run& run, ln::Pcg32& rng) {
  for (std::uint32_t i = 0; i < kTrain; ++i) order[i] = i;
  if (auto s = run.network.bind(kShape, model); s != ln::Status::ok) return s;
  if (auto s = ln::initialize(run.network, rng); s != ln::Status::ok) return s;
  if (auto s = run.trainer.bind(run.network, kConfig, memory); s != ln::Status::ok) return s;
  return run.predictor.bind(run.network, scratch);
}

static ln::Status learn(Run& run, std::uint64_t seed) {
  ln::Pcg32 rng(seed);
  if (auto s = set_up(run, rng); s != ln::Status::ok) return s;
  run.since.start();
  for (std::uint64_t epoch = 1; epoch <= run.epochs; ++epoch) {
    if (auto s = train_pass(run, rng); s != ln::Status::ok) return s;
    if (auto s = test(run); s != ln::Status::ok) return s;
    run.bar.erase();
    std::printf("%5" PRIu64 "  %10.4f  %11.2f %%  %7.1f s\n", epoch, run.loss, run.accuracy(), run.since.running());
    std::fflush(stdout);
  }
  return ln::Status::ok;
}

// For each kind: how many of 100 were recognized, and what it was most often taken for.
static void print_kinds(const Run& run) {
  std::printf("\nRecognized, of 100 images of each kind:\n");
  for (std::size_t kind = 0; kind < kClasses; ++kind) {
    std::size_t all = 0;
    std::size_t other = kind == 0 ? 1 : 0;
    for (std::size_t o = 0; o < kClasses; ++o) {
      all += run.predicted[kind][o];
      if (o != kind && run.predicted[kind][o] > run.predicted[kind][other]) other = o;
    }
    const double scale = 100.0 / static_cast<double>(all > 0 ? all : 1);
    const double share = scale * static_cast<double>(run.predicted[kind][kind]);
    char line[26] = "";
    for (int i = 0; i < static_cast<int>(share / 4.0); ++i) line[i] = '=';
    std::printf("  %-10s %5.1f  %-25s  (%.1f taken for: %s)\n", kNames[kind], share, line,
                scale * static_cast<double>(run.predicted[kind][other]), kNames[other]);
  }
}

int main(int count, char** arguments) {
  static Run run;
  const char* directory = kInstalled;
  std::uint64_t seed = 0;
  const console::Option options[] = {{"--data", 0, 0, nullptr, &directory},
                                     {"--epochs", 1, 1000, &run.epochs, nullptr},
                                     {"--seed", 0, UINT64_MAX, &seed, nullptr}};
  if (const int code = console::read_options(count, arguments, kUsage, options); code != console::kGoOn) return code;

  std::string wrong = read(std::string(directory) + "/train", kTrain, run.train);
  if (wrong.empty()) wrong = read(std::string(directory) + "/t10k", kTest, run.test);
  if (!wrong.empty()) {
    const char* hint = directory == kInstalled ? " (Debian's package dataset-fashion-mnist brings the files)" : "";
    std::fprintf(stderr, "%s%s\n", wrong.c_str(), hint);
    return 1;
  }
  std::printf("Fashion-MNIST, a network of 784-256-128-100-10: %zu images to learn from, %zu others to test on.\n\n",
              kTrain, kTest);
  std::printf("epoch  train loss  test accuracy       time\n");
  std::fflush(stdout);
  if (auto s = learn(run, seed); s != ln::Status::ok) return console::report(s);
  print_kinds(run);
  std::printf("\ntest accuracy    %.2f %% (%zu of %zu)\n", run.accuracy(), run.correct, kTest);
  std::printf("train loss       %.4f (label smoothing keeps it above 0.50)\n", run.loss);
  console::print_facts(kShape, kConfig, run.network, run.steps, run.trainer.steps(), run.since.running());
  return 0;
}
