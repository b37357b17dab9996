#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "front/overlay.hpp"

/// Text made to fit where it is shown.
namespace front {

/// A letter of some text: how many bytes it has, never 0, and how many columns.
struct Letter {
    std::size_t bytes = 1;
    unsigned columns = 1;
};
/// The letter at byte `at`, which is inside the text.
using Measure = Letter (*)(std::string_view text, std::size_t at);

unsigned width_of(std::string_view text, Measure measure);

/// The text in lines of at most so many columns (at least one letter each), ended at a space or
/// after the slash of a path where there is one. If that would be more than `most` lines, its
/// middle is left out: both what has happened and the file's name, at the end, can be read.
std::vector<std::string> fold(std::string_view text, unsigned columns, std::size_t most,
                              Measure measure);

/// The lines of a panel that is `columns` wide. If they are more than `rows`, errors name their
/// files without their folders, which leaves more room for what is wrong; there may still be more.
std::vector<Overlay::Line> fold(std::span<const Overlay::Line> lines, unsigned columns,
                                std::size_t rows, Measure measure);

}  // namespace front
