// A pressure sensor that is not there: its output bends, moves with the temperature and ages, and its wire is loose.
//
// On a board put a file in its place that reads the real one, for instance
//
//   bool read_sample(Sample& sample) {
//     while (!converter_is_ready()) wait_for_interrupt();
//     sample.inputs[0] = static_cast<float>(convert(kSensorChannel)) * (2.0f / 4095) - 1;       // 12 bits
//     sample.inputs[1] = (static_cast<float>(read_thermometer()) * 0.01f - 25) * (1.0f / 35);   // -10 to 60 degrees
//     sample.target[0] = reference_is_connected() ? read_reference() : kNothing;                // NaN: do not learn
//     return true;
//   }
#include "sensor.hpp"

#include <cstdint>

#include <linnet/random.hpp>

namespace {

constexpr std::uint32_t kSamples = 20000;
constexpr std::uint32_t kKnock = 10000;     // after this sample the sensor has another slope and another zero
constexpr std::uint32_t kLooseWire = 4001;  // one sample in so many is nothing
constexpr float kNothing = __builtin_nanf("");

std::uint32_t samples = 0;

}  // namespace

namespace sensor {

bool read_sample(Sample& sample) {
  if (samples == kSamples) return false;
  ++samples;
  linnet::Pcg32 random(samples);
  const float pressure = random.uniform(-1.0f, 1.0f);
  const float temperature = random.uniform(-1.0f, 1.0f);
  const float bent = 0.8f * pressure - 0.12f * pressure * pressure * pressure;
  const float warm = bent * (1.0f - 0.2f * temperature) + 0.15f * temperature * temperature;
  const float knocked = samples > kKnock ? 0.7f * warm - 0.3f : warm;
  sample.inputs[0] = samples % kLooseWire == 0 ? kNothing : random.normal(knocked, 0.005f);
  sample.inputs[1] = temperature;
  sample.target[0] = pressure;
  return true;
}

}  // namespace sensor
