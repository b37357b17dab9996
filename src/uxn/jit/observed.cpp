#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "uxn/jit/cache.hpp"
#include "uxn/jit/jit.hpp"

namespace uxn {
namespace jit {
namespace {

/// The engine `jit` with observers, who see the last of its code when it goes.
class ObservedEngine final : public Engine {
public:
    explicit ObservedEngine(std::vector<Observer*> observers) : observers_(std::move(observers)) {}

    Stop run(Machine& machine, Devices& devices, std::uint16_t pc,
             const Limits& limits) const noexcept override {
        std::unique_ptr<Cache> cache;
        {
            const std::scoped_lock lock(mutex_);
            cache = std::move(spare_[std::this_thread::get_id()]);
        }
        if (cache == nullptr) {
            cache = make_cache(Tuning{}, observers_);
        }
        const Stop stop = cache->run(machine, devices, pc, limits);
        const std::scoped_lock lock(mutex_);
        spare_[std::this_thread::get_id()] = std::move(cache);
        return stop;
    }

private:
    std::vector<Observer*> observers_;
    mutable std::mutex mutex_;
    /// By thread: a device may run another machine while this one waits for it.
    mutable std::map<std::thread::id, std::unique_ptr<Cache>> spare_;
};

}  // namespace
}  // namespace jit

std::unique_ptr<Engine> observed_jit_engine(std::vector<jit::Observer*> observers) {
    return std::make_unique<jit::ObservedEngine>(std::move(observers));
}

}  // namespace uxn
