// What a C API, a file format and a linker script may rely on; floors.sh compiles it for 64 and for 32 bits, with and
// without short enumerations.
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <linnet/linnet.hpp>

namespace {

using namespace linnet;

template <class T>
constexpr bool kPlain = std::is_standard_layout_v<T>&& std::is_trivially_copyable_v<T>;

static_assert(kPlain<Activation> && kPlain<Layer> && kPlain<Topology>, "shapes are plain data");
static_assert(kPlain<Loss> && kPlain<Optimizer> && kPlain<TrainerConfig>, "plans are plain data");
static_assert(kPlain<TrainerProgress> && kPlain<Pcg32::State> && kPlain<Initializer>, "saved states are plain data");
static_assert(kPlain<Span<float>> && kPlain<ConstRows> && kPlain<Rows> && kPlain<Labels>, "views are plain data");
static_assert(kPlain<Matrix> && kPlain<ConstMatrix>, "views are plain data");
static_assert(kPlain<GroupSettings> && kPlain<Schedule> && kPlain<Plateau> && kPlain<PlateauState>,
              "settings are plain data");
static_assert(kPlain<ReplayInputs> && kPlain<ReplayChoice> && kPlain<ReplayData>, "what is lent is plain data");
static_assert(kPlain<Samples> && kPlain<Batches> && kPlain<FitPlan> && kPlain<Fault> && kPlain<Epoch> && kPlain<Score>);
static_assert(kPlain<Sample> && kPlain<SampleReader> && kPlain<Keeper> && kPlain<KeeperState> && kPlain<GuidedEpoch> &&
              kPlain<FitGuide>);
static_assert(sizeof(KeeperState) == 20, "a checkpoint keeps it as five numbers of four bytes");
static_assert(kPlain<LayerDiagnostics> && kPlain<DiagnosticsSettings> && kPlain<Thresholds> && kPlain<LayerReport> &&
              kPlain<Column>);
static_assert(kPlain<Sink> && kPlain<Source> && kPlain<TensorNames> && kPlain<TensorReport>,
              "files are lent by plain data");
static_assert(kPlain<Store> && kPlain<Piece> && kPlain<Checkpoint> && kPlain<Kept>, "media are lent by plain data");
static_assert(kPlain<Pcg32> && kPlain<Identity>, "a generator can be kept anywhere");

// No virtuals, nothing to destroy, and copies that refer to the same memory.
template <class T>
constexpr bool kHandle =
    !std::is_polymorphic_v<T> && std::is_trivially_destructible_v<T> && std::is_trivially_copyable_v<T> &&
    std::is_standard_layout_v<T> && std::is_nothrow_default_constructible_v<T>;

static_assert(kHandle<Network> && kHandle<Diagnostics> && kHandle<Replay>, "handles need no destructor");

// What works in lent memory is moved, and never copied.
template <class T>
constexpr bool kMovable =
    !std::is_polymorphic_v<T> && std::is_trivially_destructible_v<T> && std::is_standard_layout_v<T> &&
    std::is_nothrow_default_constructible_v<T> && std::is_nothrow_move_constructible_v<T> &&
    std::is_nothrow_move_assignable_v<T> && !std::is_copy_constructible_v<T> && !std::is_copy_assignable_v<T>;

static_assert(kMovable<Predictor> && kMovable<Trainer>, "a copy would share the memory");
static_assert(std::is_trivially_destructible_v<ParameterGroups> && std::is_standard_layout_v<ParameterGroups> &&
                  !std::is_copy_constructible_v<ParameterGroups> && !std::is_move_assignable_v<ParameterGroups>,
              "groups stay where they are");
static_assert(kPlain<Rates> && kPlain<ClassCounts> && std::is_trivially_destructible_v<Confusion> &&
                  !std::is_copy_constructible_v<Confusion> && !std::is_copy_constructible_v<MultiLabel> &&
                  !std::is_copy_constructible_v<Regression>,
              "counts are lent: a copy would share them");
static_assert(std::is_trivially_destructible_v<Normalizer> && std::is_standard_layout_v<Normalizer> &&
                  !std::is_copy_constructible_v<Normalizer> && !std::is_move_assignable_v<Normalizer>,
              "what counts rows stays where it is");
static_assert(sizeof(void*) != 4 || sizeof(Network) <= 168, "a Network is small");
static_assert(sizeof(void*) != 4 || sizeof(Predictor) <= 168, "a Predictor is small");
static_assert(sizeof(void*) != 4 || sizeof(Trainer) <= 168, "a Trainer is small");

// Fixed underlying types: no compiler flag changes a size.
template <class E, class Underlying>
constexpr bool kIs = std::is_enum_v<E>&& std::is_same_v<std::underlying_type_t<E>, Underlying>;

static_assert(kIs<Status, std::uint8_t> && kIs<ActivationId, std::uint8_t> && kIs<LossId, std::uint8_t>);
static_assert(kIs<OptimizerId, std::uint8_t> && kIs<Contract, std::uint8_t>);
static_assert(kIs<Mode, std::uint8_t> && kIs<Scaling, std::uint8_t>);
static_assert(kIs<Verdict, std::uint8_t>);

// The saved state has its fields where a file format may expect them, whatever the target.
static_assert(offsetof(TrainerProgress, steps) == 0 && offsetof(TrainerProgress, learning_rate) == 8);
static_assert(offsetof(TrainerProgress, bias_corrections) == 12 && offsetof(TrainerProgress, floats) == 20);
static_assert(offsetof(TrainerProgress, layout_version) == 24 && offsetof(TrainerProgress, optimizer) == 26);
static_assert(offsetof(TrainerProgress, contract) == 27 && offsetof(TrainerProgress, topology) == 28);
static_assert(sizeof(TrainerProgress) == 32, "no padding");
static_assert(sizeof(Pcg32::State) == 16);

// The façade owns an array and a handle, nothing more.
constexpr Topology kShape = topology(2, {{8, activation::tanh}, {1, activation::sigmoid}});
constexpr TrainerConfig kPlan{loss::binary_cross_entropy, optimizer::adam(), 4};
static_assert(sizeof(FixedNetwork<kShape>) <= sizeof(Network) + sizeof(float) * parameter_floats(kShape) + kAlignment);
static_assert(sizeof(FixedTrainer<kShape, kPlan>) <=
              sizeof(Trainer) + sizeof(float) * trainer_floats(kShape, kPlan) + kAlignment);
static_assert(!std::is_copy_constructible_v<FixedNetwork<kShape>>, "a copy would point into the original");

}  // namespace
