#include "choose.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <queue>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace sequences {
namespace {

using Ops = std::string;  // a byte each: hashes and compares

/// A sequence has to be found in so many programs: what fewer have is somebody's own habit.
constexpr std::size_t kFewestPrograms = 4;

/// An instruction, at which execution may begin.
struct Place {
    float weight;
    std::size_t longest = 1;  ///< opcodes in the longest sequence chosen so far that fits here
};

struct Candidate {
    Ops ops;
    std::vector<std::uint32_t> places;
    std::size_t programs = 0;
    std::size_t last_program = 0;
};

/// What it is worth at a place to execute so many opcodes at once. The second opcode saves a step
/// for certain; a third one only where a sequence that begins later would not have saved it, too.
double worth(std::size_t opcodes) {
    return std::pow(static_cast<double>(opcodes - 1), 0.2);
}

/// The same with the jumps of today: until 2023 they were written as a literal and a jump. Programs
/// of both kinds are run, and the code around the jumps is the same.
Ops modernised(const Ops& ops) {
    using enum uxn::Op;
    Ops result;
    for (const char byte : ops) {
        const uxn::Op op{static_cast<std::uint8_t>(byte)};
        const uxn::Op before =
            result.empty() ? BRK : uxn::Op{static_cast<std::uint8_t>(result.back())};
        uxn::Op modern = BRK;
        if (before == LIT || before == LIT2) {
            const bool wide = before == LIT2;
            modern = op == (wide ? JCN2 : JCN)   ? JCI
                     : op == (wide ? JMP2 : JMP) ? JMI
                     : op == (wide ? JSR2 : JSR) ? JSI
                                                 : BRK;
        }
        if (modern != BRK) {
            result.back() = static_cast<char>(uxn::byte_of(modern));
        } else {
            result += byte;
        }
    }
    return result;
}

class Chooser {
public:
    explicit Chooser(std::size_t longest) : longest_(longest) {}

    void add(const Program& program) {
        ++programs_;
        std::size_t size = 0;
        for (const Run& run : program) {
            size += run.size();
        }
        // A program of a hundred times the size counts ten times as much.
        const double weight = 0.5 / std::sqrt(static_cast<double>(std::max<std::size_t>(size, 1)));
        for (const Run& run : program) {
            Ops ops;
            for (const uxn::Op op : run) {
                ops += static_cast<char>(uxn::byte_of(op));
            }
            // Libraries that many programs include are there once.
            if (seen_.insert(ops).second) {
                add_run(ops, static_cast<float>(weight));
                add_run(modernised(ops), static_cast<float>(weight));
            }
        }
    }

    std::vector<Sequence> choose(std::size_t count) {
        std::vector<Candidate> candidates;
        for (auto& [ops, candidate] : found_) {
            if (candidate.programs >= kFewestPrograms) {
                candidate.ops = ops;
                candidates.push_back(std::move(candidate));
            }
        }
        std::ranges::sort(candidates, {}, &Candidate::ops);
        // What a sequence adds can only become less while others are chosen, so that most of what
        // is in the queue need not be counted again.
        std::priority_queue<std::pair<double, std::size_t>> queue;
        for (std::size_t i = 0; i < candidates.size(); ++i) {
            queue.emplace(gain(candidates[i]), i);
        }
        std::vector<Sequence> chosen;
        while (chosen.size() < count && !queue.empty()) {
            const std::size_t i = queue.top().second;
            queue.pop();
            const double now = gain(candidates[i]);
            if (!queue.empty() && now < queue.top().first) {
                queue.emplace(now, i);
            } else {
                chosen.push_back(take(candidates[i]));
            }
        }
        return chosen;
    }

private:
    void add_run(const Ops& ops, float weight) {
        for (std::size_t i = 0; i < ops.size(); ++i) {
            const auto place = static_cast<std::uint32_t>(places_.size());
            places_.push_back({.weight = weight});
            for (std::size_t size = 2; size <= std::min(longest_, ops.size() - i); ++size) {
                Candidate& candidate = found_[ops.substr(i, size)];
                candidate.places.push_back(place);
                candidate.programs += candidate.last_program != programs_ ? 1 : 0;
                candidate.last_program = programs_;
            }
        }
    }

    double gain(const Candidate& candidate) const {
        const std::size_t size = candidate.ops.size();
        double sum = 0;
        for (const std::uint32_t place : candidate.places) {
            const auto& [weight, longest] = places_[place];
            if (longest < size) {
                sum += weight * (worth(size) - worth(longest));
            }
        }
        return sum;
    }

    Sequence take(const Candidate& candidate) {
        for (const std::uint32_t place : candidate.places) {
            places_[place].longest = std::max(places_[place].longest, candidate.ops.size());
        }
        Sequence sequence{.ops = {}, .programs = candidate.programs};
        for (const char byte : candidate.ops) {
            sequence.ops.push_back(uxn::Op{static_cast<std::uint8_t>(byte)});
        }
        return sequence;
    }

    std::size_t longest_;
    std::size_t programs_ = 0;
    std::vector<Place> places_;
    std::unordered_map<Ops, Candidate> found_;
    std::unordered_set<Ops> seen_;
};

}  // namespace

std::vector<Sequence> choose(const std::vector<Program>& programs, const Limits& limits) {
    Chooser chooser(limits.longest);
    for (const Program& program : programs) {
        chooser.add(program);
    }
    return chooser.choose(limits.count);
}

}  // namespace sequences
