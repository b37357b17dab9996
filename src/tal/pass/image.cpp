#include "tal/pass/image.hpp"

namespace tal {

Image::Image(bool keep_places)
    : bytes_(kSize), emitted_(kSize), places_(keep_places ? kSize : std::uint32_t{0}) {}

Image::Trouble Image::put(std::uint8_t byte, std::size_t references) {
    const std::uint64_t address = address_++;
    if (address >= kSize) {
        return Trouble::Outside;
    }
    const auto at = static_cast<std::uint32_t>(address);
    if (at < kProgramStart) {
        return byte == 0 ? Trouble::None : Trouble::ZeroPage;
    }
    Trouble trouble = Trouble::None;
    if (emitted_[at]) {
        if (claims_.empty()) {
            claims_.resize(kSize);
        }
        claims_[at] = static_cast<std::uint32_t>(references);
        trouble = Trouble::Overwrite;
    }
    bytes_[at] = byte;
    emitted_[at] = 1;
    if (!places_.empty()) {
        places_[at] = place_;
    }
    return trouble;
}

Image::Trouble Image::patch(std::uint32_t address, std::uint8_t byte, std::size_t reference) {
    if (address >= kSize) {
        return Trouble::Outside;
    }
    if (address < kProgramStart) {
        return byte == 0 ? Trouble::None : Trouble::ZeroPage;
    }
    if (claims_.empty() || claims_[address] <= reference) {
        bytes_[address] = byte;
    }
    return Trouble::None;
}

std::vector<std::uint8_t> Image::rom() const {
    std::uint32_t end = kSize;
    while (end > kProgramStart && bytes_[end - 1] == 0) {
        --end;
    }
    return {bytes_.data() + kProgramStart, bytes_.data() + end};
}

}  // namespace tal
