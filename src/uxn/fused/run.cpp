#include "uxn/fused/run.hpp"

#include "uxn/interp/plain_loop.hpp"

namespace uxn::fused {

State state_of(const Machine& machine, std::uint16_t pc) {
    return {
        .pc = pc, .wst = kWst.free_of(machine.wst), .rst = kRst.free_of(machine.rst), .fuel = pc};
}

bool Run::refill(State& state) {
    const auto here = static_cast<std::int64_t>(state.pc);
    const std::int64_t slice = slices.next(state.fuel - here);
    state.fuel = here + slice;
    if (tier != nullptr && slice != 0) {
        tier->sample(*this, static_cast<std::uint16_t>(state.pc));
    }
    return slice != 0;
}

void Run::decode(std::size_t pc) {
    const auto at = static_cast<std::uint16_t>(pc);
    if (tier == nullptr || !tier->decode(*this, at)) {
        code.decode(machine.ram, at);
    }
}

bool Run::careful(State& state) {
    write_back(machine, state.wst, state.rst);
    const auto pc = static_cast<std::uint16_t>(state.pc);
    const std::uint32_t ports = devices.ports_version();
    const Stop stop = run_slice<true>(machine, devices, pc, 1, slices.interrupt(), *this);
    if (tier != nullptr && devices.ports_version() != ports) {
        tier->ports_changed(devices);
    }
#ifdef LEVERET_CHECK_SEQUENCES
    checker.follow(machine);
#endif
    state.wst = kWst.free_of(machine.wst);
    state.rst = kRst.free_of(machine.rst);
    state.fuel += static_cast<std::int64_t>(stop.pc) - static_cast<std::int64_t>(state.pc) - 1;
    state.pc = stop.pc;
    if (stop.reason != Stop::Reason::Budget) {
        slices.finish(stop.reason, state.fuel - static_cast<std::int64_t>(state.pc));
        return false;
    }
    return !is_out_of_fuel(state.pc, state.fuel) || refill(state);
}

void Run::written(std::uint16_t begin, std::uint32_t length) {
    code.written(begin, length);
#ifdef LEVERET_CHECK_SEQUENCES
    checker.follow(machine, begin, length);
#endif
}

void Run::finish(State& state) {
    slices.finish(Stop::Reason::Break, state.fuel - static_cast<std::int64_t>(state.pc));
}

bool Run::is_too_much(const State& state) const {
    return static_cast<std::int64_t>(code.count_at(state.pc)) >
           state.fuel - static_cast<std::int64_t>(state.pc);
}

}  // namespace uxn::fused
